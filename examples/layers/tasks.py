"""Programs that make an answer of the digits that images show, and the rows that they are learned on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import ropewalk as rw
from data import Digits, Rows, in_file_order, shuffled


@dataclass(frozen=True)
class Task:
    """A program and where its memory takes symbols from images and leaves the answer."""

    name: str
    program: rw.Program
    instructions: str
    images: int  #: in a row; they fill the first cells
    answer: slice  #: cells of the answer
    symbols: int  #: that an image may show, from 0
    rows: Callable[[Digits, int], np.ndarray]  #: of digits and a seed: which images make up each row, [rows, images]

    def rows_of(self, digits: Digits, seed: int) -> Rows:
        """Rows with their answers, which the program itself gives for what the images show."""
        images = self.rows(digits, seed)
        return Rows(images, self.answers(digits.labels[images]))

    def answers(self, symbols: np.ndarray) -> np.ndarray:
        """What the exact program makes of symbols [rows, images]."""
        return np.array([self.program(row.tolist())[self.answer] for row in symbols])


ADDITION = """
; Two numbers of N digits, highest first, in M[0..N-1] and M[N..2N-1]; their sum of N + 1 digits in M[2N..3N].
.base 20
.cells {cells}
.registers 7
.steps {steps}
.let r1 {last}              ; the digit, from the lowest
.let r5 10
.let r6 {digits}
digit:
    read r1 r2
    add r1 r6 r3
    read r3 r3
    add r2 r3 r2
    add r2 r4 r2            ; r4 is the carry
    mod r2 r5 r3
    div r2 r5 r4
    add r1 r6 r2
    add r2 r6 r2
    inc r2 r2
    write r2 r3             ; M[2N + 1 + r1]
    jump r1 end
    dec r1 r1
    jump r7 digit           ; r7 = 0
end:
    add r6 r6 r2
    write r2 r4
    halt
"""

SORT = """
; M[0..{last}] from small to large. Each pass carries the largest value seen so far up to cell r5, which moves down.
.base 10
.cells {cells}
.registers 5
.steps {steps}
.let r5 {last}
pass:
    read r1 r2              ; r2 = the largest value seen so far, r1 = 0
pair:
    inc r1 r1
    read r1 r3
    min r2 r3 r4
    max r2 r3 r2
    dec r1 r3
    write r3 r4             ; the smaller of the pair goes one cell down
    div r1 r5 r4            ; 0 while r1 < r5
    jump r4 pair
    write r1 r2
    sub r1 r1 r1
    dec r5 r5
    jump r5 end
    jump r1 pass            ; r1 = 0
end:
    halt
"""

PARITY = """
; M[{length}] becomes 1 where an odd number of the bits before it is 1, else 0.
.base {cells}
.cells {cells}
.registers 5
.steps {steps}
.let r4 {length}
bit:
    read r3 r2
    eq r1 r2 r1             ; 1 where the parity so far is the bit
    eq r1 r5 r1             ; and turned round, as r5 = 0: the new parity
    inc r3 r3
    div r3 r4 r2            ; 0 while r3 < length
    jump r2 bit
    write r3 r1
    halt
"""


def _program(text: str, **numbers: int) -> rw.Program:
    """With as many steps as it needs: these programs take the same number for every input."""
    program = rw.Program.parse(text.format(steps=1_000_000, **numbers))
    return rw.Program.parse(text.format(steps=program.run([]).steps, **numbers))


def addition(digits: int) -> Task:
    """Two numbers of so many digits, in the canonical partition: every image once, in the order of the file."""
    return Task(
        f"addition of {digits} digits",
        _program(ADDITION, cells=3 * digits + 1, last=digits - 1, digits=digits),
        "halt,inc,dec,add,div,mod,read,write,jump",
        images=2 * digits,
        answer=slice(2 * digits, 3 * digits + 1),
        symbols=10,
        rows=lambda images, seed: in_file_order(images, 2 * digits),
    )


def sorting(length: int) -> Task:
    return Task(
        f"sorting of {length} digits",
        _program(SORT, cells=length, last=length - 1),
        "halt,inc,dec,sub,div,min,max,read,write,jump",
        images=length,
        answer=slice(0, length),
        symbols=10,
        rows=lambda images, seed: shuffled(images, length, seed),
    )


def parity(length: int) -> Task:
    return Task(
        f"parity of {length} bits",
        _program(PARITY, cells=length + 1, length=length),
        "halt,inc,div,eq,read,write,jump",
        images=length,
        answer=slice(length, length + 1),
        symbols=2,
        rows=lambda images, seed: shuffled(images, length, seed, shown=(0, 1)),
    )
