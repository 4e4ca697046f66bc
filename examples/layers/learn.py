#!/usr/bin/env python3
"""Learns to read digits through a program: labels are answers of the program, never what an image shows.

A reader gives a distribution over symbols for every image, the compiled program makes distributions over its answer of
them, and cross-entropy with the answer flows back through the program into the reader. What is judged is the exact
program on the symbols that the reader finds likeliest. With --blank one line of the program is forgotten and found again
together with the reader.

usage: learn.py TASK [options], such as learn.py addition 4 --mnist FOLDER
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np
import torch
from torch import nn

import ropewalk as rw
from data import Digits, Rows, read_mnist
from ropewalk.torch import ProgramLayer
from tasks import Task, addition, parity, sorting


class Reader(nn.Sequential):
    """Images [n, 1, 28, 28] to logits of symbols [n, symbols]."""

    def __init__(self, symbols: int) -> None:
        super().__init__(
            nn.Conv2d(1, 12, 5), nn.MaxPool2d(2), nn.ReLU(),
            nn.Conv2d(12, 24, 5), nn.MaxPool2d(2), nn.ReLU(),
            nn.Flatten(), nn.Linear(384, 128), nn.ReLU(), nn.Dropout(0.3), nn.Linear(128, symbols),
        )  # fmt: skip
        self.to(memory_format=torch.channels_last)  # in which PyTorch takes half of the time


class Learner(nn.Module):
    """A reader and a program behind it: images [rows, images, 1, 28, 28] to distributions of the answer's cells."""

    def __init__(self, task: Task, options: argparse.Namespace) -> None:
        super().__init__()
        self.task = task
        self.reader = Reader(task.symbols)
        machine = task.program.compile(instruction_set=task.instructions)
        self.layer = ProgramLayer(machine, trainable=options.blank is not None, n_jobs=options.threads)
        if options.blank is not None:
            columns = len(task.instructions.split(",")) if options.opcode_only else self.layer.weights.shape[1]
            forget(self.layer, options.blank, columns, options.seed)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        rows = len(images)
        symbols = self.reader(images.flatten(0, 1).contiguous(memory_format=torch.channels_last)).softmax(-1).reshape(rows, self.task.images, self.task.symbols)
        memory = torch.zeros(rows, self.task.program.cells, self.task.program.base)
        memory[..., 0] = 1
        memory[:, : self.task.images] = nn.functional.pad(symbols, (0, self.task.program.base - self.task.symbols))
        return self.layer(memory)[:, self.task.answer]


def forget(layer: ProgramLayer, line: int, columns: int, seed: int) -> None:
    """Makes the first weights of a line, those of the instruction first, nearly even, and keeps all others from learning."""
    noise = torch.Generator().manual_seed(seed)
    mask = torch.zeros_like(layer.weights)
    mask[line, :columns] = 1
    with torch.no_grad():
        layer.weights[line, :columns] = 0.1 * torch.randn(columns, generator=noise)
    layer.weights.register_hook(lambda gradient: gradient * mask)


def moved(images: torch.Tensor, most: int, random: np.random.Generator) -> torch.Tensor:
    """A batch shifted by up to so many pixels, the same way for all of it."""
    down, right = random.integers(-most, most + 1, 2)
    return torch.roll(images, (int(down), int(right)), (-2, -1))


def pixels(digits: Digits) -> torch.Tensor:
    return (torch.from_numpy(digits.images.astype(np.float32)) / 255 - 0.13)[:, None] / 0.31


def learn(task: Task, digits: Digits, rows: Rows, options: argparse.Namespace) -> nn.Module:
    """The learner after all epochs, its reader's weights averaged over the last steps."""
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    learner = Learner(task, options)
    average = torch.optim.swa_utils.AveragedModel(
        learner.reader, avg_fn=lambda old, new, count: old + (new - old) * max(0.01, 1 / (float(count) + 1))
    )
    groups = [{"params": learner.reader.parameters()}]
    if options.blank is not None:
        groups.append({"params": learner.layer.parameters(), "lr": options.program_rate})
    descent = torch.optim.Adam(groups, lr=options.rate)
    batch = max(1, options.batch // task.images)
    steps = options.epochs * -(-len(rows.images) // batch)
    pace = torch.optim.lr_scheduler.OneCycleLR(
        descent, [group["lr"] for group in descent.param_groups], total_steps=steps, pct_start=0.1
    )
    images, answers = pixels(digits), torch.from_numpy(rows.answers)
    for epoch in range(options.epochs):
        total, start = 0.0, time.perf_counter()
        for chosen in np.array_split(random.permutation(len(rows.images)), steps // options.epochs):
            found = learner(moved(images[rows.images[chosen]], 2, random))
            loss = -(found.gather(-1, answers[chosen][..., None]) + 1e-6).log().sum((1, 2)).mean()
            descent.zero_grad()
            loss.backward()
            descent.step()
            pace.step()
            average.update_parameters(learner.reader)
            total += loss.item() * len(chosen)
        if options.verbose:
            print(f"  epoch {epoch + 1}: loss {total / len(rows.images):.4f}, {time.perf_counter() - start:.1f} s", flush=True)
    learner.reader = average.module
    return learner.eval()


@torch.no_grad()
def symbols_read(reader: nn.Module, digits: Digits) -> np.ndarray:
    return torch.cat([reader(part).argmax(-1) for part in pixels(digits).split(1000)]).numpy()


def judge(learner: nn.Module, task: Task, digits: Digits, seed: int) -> dict[str, float]:
    """Shares of test rows whose whole answer is right, and of test images whose symbol is."""
    rows = task.rows_of(digits, seed)
    read = symbols_read(learner.reader, digits)
    right = (task.answers(read[rows.images]) == rows.answers).all(-1)
    known = digits.labels < task.symbols
    return {"answers": float(right.mean()), "rows": len(right), "digits": float((read == digits.labels)[known].mean())}


def judge_program(layer: ProgramLayer, task: Task, blank: int) -> dict[str, object]:
    """The line that was found again, and whether the program is certified on all inputs, or 20,000 random ones."""
    random = np.random.default_rng(0)
    every = task.symbols**task.images
    inputs = (
        np.stack(np.unravel_index(np.arange(every), (task.symbols,) * task.images), -1)
        if every <= 20_000
        else random.integers(task.symbols, size=(20_000, task.images))
    )
    cells = task.program.cells
    examples = []
    for row, answer in zip(inputs, task.answers(inputs)):
        expected: list[int | None] = [None] * cells
        expected[task.answer] = answer.tolist()
        examples.append((row.tolist() + [0] * (cells - len(row)), expected))
    decompiled = layer.decompile()
    program = decompiled.complete
    named = rw.task(examples, base=program.base, cells=cells, registers=program.registers, lines=len(program), steps=layer.steps)
    certificate = rw.verify(program, named)
    return {"line": program.lines[blank], "confidence": decompiled.confidence[blank], "certified": certificate.holds}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["addition", "sorting", "parity"])
    parser.add_argument("size", type=int, help="digits of a number, or images in a row")
    parser.add_argument("--mnist", required=True, help="folder of the four files of MNIST")
    parser.add_argument("--order", nargs=2, metavar=("TRAIN", "TEST"), help="files of positions, where the files are shuffled")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--batch", type=int, default=128, help="images in a batch")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--rows", type=int, help="learn on the first so many rows only")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--blank", type=int, help="forget this line of the program, from 0")
    parser.add_argument("--opcode-only", action="store_true", help="with --blank: forget the instruction, keep its operands")
    parser.add_argument("--program-rate", type=float, default=0.05)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    orders = options.order or [None, None]
    train, test = (read_mnist(options.mnist, part, order) for part, order in zip(("train", "t10k"), orders))
    task = {"addition": addition, "sorting": sorting, "parity": parity}[options.task](options.size)

    start, processor_start = time.perf_counter(), time.process_time()
    rows = task.rows_of(train, options.seed)
    rows = Rows(rows.images[: options.rows], rows.answers[: options.rows])
    learner = learn(task, train, rows, options)
    result = {
        "task": task.name,
        "seed": options.seed,
        "seconds": round(time.perf_counter() - start, 1),
        "processor_seconds": round(time.process_time() - processor_start, 1),
        **judge(learner, task, test, options.seed),
    }
    if options.blank is not None:
        result.update(judge_program(learner.layer, task, options.blank))
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
