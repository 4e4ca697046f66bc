"""Assembly programs: what they are to do, whether they do it, and how to tune them."""

from __future__ import annotations

import copyreg
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from . import _core, _units
from ._core import Decompiled, Machine, Program, SoftOutcome, State, Task
from ._executors import deadline, in_order, sender
from ._options import Callback, Progress, Sink, listening, seconds_of, seed_of, threads_of, warn_interrupted, whole
from .errors import NotFound, input_error

__all__ = [
    "Certificate",
    "Counterexample",
    "Decompiled",
    "Induced",
    "Machine",
    "Program",
    "Share",
    "SoftOutcome",
    "State",
    "Task",
    "Tuned",
    "task",
    "tasks",
    "tune",
    "verify",
]

MemoryExample = tuple[Sequence[int], Sequence[int | None]]

#: What a worker of an executor is given at once. Restarts are descended on 16 at a time.
_INPUTS_OF_UNIT = 1 << 17
_RESTARTS_OF_UNIT = 16


def tasks() -> list[Task]:
    """Every task of the catalogue."""
    return _core.catalogue()


def task(
    examples: str | Task | Sequence[MemoryExample | Mapping[str, Any]],
    *,
    base: int | None = None,
    cells: int | None = None,
    registers: int | None = None,
    lines: int | None = None,
    steps: int | None = None,
) -> Task:
    """The task of that name, or of examples: pairs of memory before and after, as in ``[([3, 1], [4, 2])]``.

    None in the memory after means that anything goes. Examples may also be mappings of the form of Ropewalk's files,
    ``{"memory": [3, 1], "expect": {"memory": [4, 2]}}``, which may set and expect registers. Sizes that are not given are
    the smallest that fit the examples. Raises InputError with every mistake.
    """
    if isinstance(examples, Task):
        return examples
    if isinstance(examples, str):
        return _core.find_task(examples)
    text = "\n".join(_line_of(each, number) for number, each in enumerate(examples))
    return _task_of(text, {"base": base, "cells": cells, "registers": registers, "line_count": lines, "steps": steps})


def _task_of(text: str, sizes: dict[str, int | None]) -> Task:
    made = _core.task_of_examples(text, **sizes)
    made._made_of = text, sizes  # type: ignore[attr-defined]
    return made


def _reduced(of: Task) -> tuple[Any, ...]:
    return (_task_of, of._made_of) if of.from_examples else (task, (of.name,))  # type: ignore[attr-defined]


copyreg.pickle(Task, _reduced)


def _line_of(example: Any, number: int) -> str:
    place = f"example {number}"
    if isinstance(example, Mapping):
        plain = dict(example)
    else:
        try:
            before, after = example
        except (TypeError, ValueError):
            raise input_error(place, repr(example), "a pair of memory before and after") from None
        plain = {"memory": list(before), "expect": {"memory": list(after)}}
    try:
        return json.dumps(plain, default=_plain_number)
    except TypeError as error:
        raise input_error(place, str(error), "lists of whole numbers") from None


def _plain_number(value: Any) -> Any:
    """What JSON does not know of: NumPy's numbers and arrays."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return value.__index__()


class Counterexample(NamedTuple):
    """An input on which a program is wrong."""

    memory: list[int]
    expected_memory: list[int | None]
    found_memory: list[int]


@dataclass(frozen=True)
class Certificate:
    """What was checked about a program, and what came out. True where the program is right on every input checked."""

    holds: bool
    task: str
    program: Program
    steps: int
    exhaustive: bool
    inputs_checked: int
    domain_size: int
    counterexample: Counterexample | None
    claim: str  #: in one sentence what it says, and about which inputs it says nothing
    _json: str = field(repr=False)
    _task: Task | None = field(default=None, repr=False, compare=False)

    def __bool__(self) -> bool:
        return self.holds

    def __str__(self) -> str:
        return self.claim

    def json(self) -> str:
        """The certificate as ``ropewalk verify`` reads it."""
        return self._json

    @classmethod
    def from_json(cls, text: str, examples: Task | Sequence[MemoryExample] | None = None) -> Certificate:
        """The inverse of ``json``; examples where it is about examples and is to be checked again.

        Raises InputError on what is no certificate, and on one whose entries do not agree.
        """
        return _certificate(text, None if examples is None else task(examples))

    def check(self, *, n_jobs: int | None = None) -> bool:
        """Checks the program again, on the same inputs, and says whether everything is as the certificate claims."""
        of = self._task
        if of is None:
            if json.loads(self._json)["from_examples"]:
                raise input_error("certificate", f"one about the examples {self.task!r}", "from_json with these examples")
            of = _core.find_task(self.task)
        seed = int(json.loads(self._json)["seed"])
        inputs = max(1, self.inputs_checked)
        return verify(self.program, of, steps=self.steps, random_inputs=inputs, random_state=seed, n_jobs=n_jobs) == self

    def __reduce__(self) -> tuple[Any, ...]:
        return _certificate, (self._json,)


def _certificate(text: str, of: Task | None = None) -> Certificate:
    claim = _core.read_certificate(text)
    claims = json.loads(text)
    wrong = claims["counterexample"]
    return Certificate(
        holds=claims["holds"],
        task=claims["task"],
        program=Program.parse(claims["program"], file="certificate"),
        steps=claims["steps"],
        exhaustive=claims["exhaustive"],
        inputs_checked=claims["inputs_checked"],
        domain_size=claims["domain_size"],
        counterexample=None
        if wrong is None
        else Counterexample(wrong["memory"], wrong["expected_memory"], wrong["found_memory"]),
        claim=claim,
        _json=text,
        _task=of,
    )


def verify(
    program: Program,
    examples: str | Task | Sequence[MemoryExample],
    *,
    steps: int | None = None,
    random_inputs: int = 1 << 20,
    n_jobs: int | None = None,
    random_state: Any = 0,
    executor: Executor | None = None,
) -> Certificate:
    """Runs a program on every input of a task, or on ``random_inputs`` random ones where there are more than 2**20.

    The program is fitted to the task's machine. With an executor, its workers check slices of the inputs, each on
    ``n_jobs`` threads. Raises InputError where the program does not fit, KeyboardInterrupt on Ctrl-C.
    """
    of = task(examples)
    options = {"inputs": whole(random_inputs, "random_inputs", 1, 1 << 40), "seed": seed_of(random_state)}
    threads = threads_of(n_jobs)
    if executor is None:
        return _certificate(_core.certify(program, of, steps=steps, threads=threads, **options), of)
    fitted = _core.fitted(program, of, steps)
    count = _core.input_count(of, options["inputs"])
    units = [
        (fitted, of, options, begin, min(begin + _INPUTS_OF_UNIT, count), threads)
        for begin in range(0, count, _INPUTS_OF_UNIT)
    ]
    parts = [part for part in in_order(executor, _units.inputs, units) if part is not None]
    return _certificate(_core.certify_join(fitted, of, **options, parts=parts), of)


@dataclass(frozen=True)
class Share:
    """A count out of a total, with a 95% interval of the share (Wilson 1927)."""

    count: int
    total: int
    low: float
    high: float


@dataclass(frozen=True)
class Tuned:
    """What tuning found. True where there is a certified program."""

    task: Task
    certificate: Certificate | None
    soft: Share  #: restarts whose soft outputs are right
    hard: Share  #: restarts whose hardened program is right
    certified: Share  #: restarts with a certified program, repaired ones included
    repaired: bool  #: whether the best program was edited after tuning
    interrupted: bool
    _program: Program | None = field(repr=False)
    _machine: Machine | None = field(repr=False)

    def __bool__(self) -> bool:
        return self._program is not None

    @property
    def program(self) -> Program:
        """The shortest certified program. Raises NotFound where there is none."""
        if self._program is None:
            raise NotFound(f"no restart of {self.hard.total} gave a certified program; try more restarts or iterations")
        return self._program

    @property
    def machine(self) -> Machine:
        """The weights of the program."""
        if self._machine is None:
            raise NotFound("no certified program was found, so there are no weights of one")
        return self._machine


def tune(
    examples: str | Task | Sequence[MemoryExample],
    *,
    init: Program | None = None,
    pad: int = 0,
    restarts: int = 100,
    iterations: int = 4000,
    gamma: float = 0.3,
    lines: int = 0,
    steps: int = 0,
    repair: bool = True,
    timeout: float | None = None,
    n_jobs: int | None = None,
    random_state: Any = 0,
    progress: Progress = "auto",
    callback: Callback | None = None,
    executor: Executor | None = None,
) -> Tuned:
    """Tunes a program, or random weights, on a task by gradient descent, hardens and certifies what comes out.

    ``init`` is compiled with noise of magnitude ``gamma``, padded to ``pad`` lines first; without it descent starts from
    random weights. ``lines`` and ``steps`` of 0 are the program's or the task's own. ``repair`` tries edits of hard
    programs that are wrong. After ``timeout`` seconds and on Ctrl-C restarts are judged as they stand, with a warning on
    Ctrl-C.

    With an ``executor``, its workers tune blocks of 16 restarts, each on ``n_jobs`` threads, and the answer is the same.
    ``timeout``, Ctrl-C and a callback that returns True cancel the blocks that have not begun.
    """
    of = task(examples)
    options: dict[str, Any] = {
        "pad": whole(pad, "pad", 0, 4096),
        "restarts": whole(restarts, "restarts", 1, 1_000_000),
        "iterations": whole(iterations, "iterations", 0, 10_000_000),
        "gamma": float(gamma),
        "lines": whole(lines, "lines", 0, 4096),
        "steps": whole(steps, "steps", 0, 1_000_000),
        "repair": bool(repair),
        "seed": seed_of(random_state),
    }
    threads, seconds = threads_of(n_jobs), seconds_of(timeout, unlimited=0.0)
    problem = _core.TuneProblem(of, init, **options)
    with listening(f"tuning {of.name}", progress, callback) as sink:
        if executor is None:
            found = problem.tune(threads=threads, seconds=seconds, callback=sink)
            interrupted = found.interrupted
        else:
            found, interrupted = _tuned_by(executor, problem, of, init, options, threads, seconds, sink)
    if interrupted:
        warn_interrupted("tuning")
    certificate = None if found.certificate is None else _certificate(found.certificate, of)
    return Tuned(
        of,
        certificate,
        Share(*found.soft),
        Share(*found.hard),
        Share(*found.certified),
        found.repaired,
        interrupted,
        found.program,
        found.machine,
    )


def _tuned_by(
    executor: Executor,
    problem: _core.TuneProblem,
    of: Task,
    init: Program | None,
    options: dict[str, Any],
    threads: int,
    seconds: float,
    sink: Sink | None,
) -> tuple[_core.TuneOutcome, bool]:
    """The outcome of the blocks that were finished, and whether Ctrl-C ended the work."""
    count = options["restarts"]
    blocks = [(begin, min(begin + _RESTARTS_OF_UNIT, count)) for begin in range(0, count, _RESTARTS_OF_UNIT)]
    texts: list[str | None] = [None] * len(blocks)
    interrupted = False

    def told(finished: int) -> bool:
        return sink is not None and sink(finished, len(blocks), f"{finished} of {len(blocks)} blocks of restarts")

    try:
        texts = in_order(
            executor,
            _units.restarts,
            [(of, init, options, *block, threads, seconds) for block in blocks],
            stopped=deadline(seconds),
            told=told,
            answers=texts,
        )
    except KeyboardInterrupt:
        interrupted = True
    parts = [(*block, text) for block, text in zip(blocks, texts, strict=True)]
    return problem.join(parts, threads=threads), interrupted


@dataclass(frozen=True)
class Induced:
    """What induction found. True where there is a certified program."""

    task: Task
    certificate: Certificate | None
    source: str | None  #: the program in the array language, where search found it
    found_by: str  #: such as "enumerate (map)"; empty where nothing was found
    stop_reason: str  #: "found", "work", "timeout", "exhausted", "interrupted" or "callback"
    candidates: int  #: programs tried by search
    seconds: float
    _program: Program | None = field(repr=False)
    _machine: Machine | None = field(repr=False)

    def __bool__(self) -> bool:
        return self._program is not None

    @property
    def program(self) -> Program:
        """The certified program. Raises NotFound where there is none."""
        if self._program is None:
            raise NotFound(f"no program found among {self.candidates} ({self.stop_reason}); more time or programs may help")
        return self._program

    @property
    def machine(self) -> Machine:
        """The weights of the program."""
        if self._machine is None:
            raise NotFound("no program was found, so there are no weights of one")
        return self._machine


def induce_task(
    of: Task,
    *,
    timeout: float | None,
    max_programs: int | None,
    tune: bool,
    n_jobs: int | None,
    random_state: Any,
    progress: Progress,
    callback: Callback | None,
    executor: Executor | None,
) -> Induced:
    """``ropewalk.induce`` of a task."""
    threads = threads_of(n_jobs)
    with listening(f"looking for {of.name}", progress, callback) as sink:
        found = _core.induce(
            of,
            programs=0 if max_programs is None else whole(max_programs, "max_programs", 1, 1 << 62),
            tune=bool(tune),
            seconds=seconds_of(timeout, unlimited=0.0),
            seed=seed_of(random_state),
            threads=threads,
            callback=sink,
            elsewhere=sender(executor, _units.fillings, threads),
        )
    if found.interrupted:
        warn_interrupted("the search for a program")
    certificate = None if found.certificate is None else _certificate(found.certificate, of)
    return Induced(
        of,
        certificate,
        found.source,
        found.found_by,
        found.stop_reason,
        found.candidates,
        found.seconds,
        found.program,
        found.machine,
    )
