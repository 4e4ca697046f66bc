#!/usr/bin/python3
"""A training step of amortised gradient search in PyTorch: the peer of `roap_step/...` of ropewalk_benchmarks.

Grounder on images, synthesizer on pairs, Gumbel-softmax, the executor of torch_executor.py, the paper's loss with its
length prior, gradient by autograd, clipping and Adam; single precision, batched over all tasks. The executor runs at
the group size that torch_executor.py finds fastest. Tasks go in pieces whose gradients add up, because all at once
need gigabytes; the fastest piece counts.
"""
import argparse
import json
import os
import statistics
import sys
import time

THREADS = next((value for flag, value in zip(sys.argv, sys.argv[1:]) if flag == "--threads"), "1")
os.environ["OPENBLAS_NUM_THREADS"] = THREADS  # read when torch loads it
os.environ["OMP_WAIT_POLICY"] = "passive"  # threads that spin take the processor from each other on a shared machine
import torch
from torch import nn
from torch_executor import execute


class Grounder(nn.Module):
    """SmallNetwork of images/networks/torch/network.cpp; the second output is the unused variance."""

    def __init__(self, size=28):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16)
        self.conv2, self.bn2 = nn.Conv2d(16, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32)
        self.fc1, self.fc2 = nn.Linear(32 * (size // 4) ** 2, 128), nn.Linear(128, 2)

    def forward(self, images):
        x = torch.relu(torch.max_pool2d(self.bn1(self.conv1(images)), 2))
        x = torch.relu(torch.max_pool2d(self.bn2(self.conv2(x)), 2))
        return 0.55 + 0.3 * self.fc2(torch.relu(self.fc1(x.flatten(1))))[:, 0]


def perceptron(inputs, features, outputs):
    return nn.Sequential(nn.Linear(inputs, features), nn.LayerNorm(features), nn.ReLU(inplace=True),
                         nn.Linear(features, features), nn.LayerNorm(features), nn.ReLU(inplace=True),
                         nn.Linear(features, outputs))


class Synthesizer(nn.Module):
    def __init__(self, variables, features, choices):
        super().__init__()
        self.mlp_out, self.mlp_io = perceptron(1, features, features), perceptron(1 + variables, features, features)
        self.mlp_rel = perceptron(2, features, features)
        self.mlp_prog = perceptron((2 + variables) * features, features, choices)

    def forward(self, y, symbols):
        """y [tasks, pairs], symbols [pairs, variables]; returns logits [tasks, choices]."""
        tasks, (pairs, variables) = y.shape[0], symbols.shape
        output, inputs = y.unsqueeze(-1), symbols.expand(tasks, pairs, variables)
        out = self.mlp_out(output).max(1).values
        io = self.mlp_io(torch.cat([output, inputs], -1)).max(1).values
        rel = self.mlp_rel(torch.stack([output.expand_as(inputs), inputs], -1)).max(1).values
        return self.mlp_prog(torch.cat([out, io, rel.flatten(1)], -1))


class Sketch:
    """Where the choices of a sketch lie: operators [L, 4], then of every line its left and its right operands."""

    def __init__(self, variables, lines):
        self.variables, self.lines, self.width = variables, lines, variables + lines - 1
        self.operators = 4 * lines
        place = torch.full((lines, 2, self.width), -1)
        at = 0
        for line in range(lines):
            for side in range(2):
                place[line, side, :variables + line] = torch.arange(at, at + variables + line)
                at += variables + line
        self.choices = self.operators + at
        self.readable = place >= 0
        self.place = torch.where(self.readable, place, torch.tensor(at)).flatten()

    def relaxed(self, logits):
        """Softmax of every row: operators [T, L, 4], operands [T, L, 2, width]."""
        operators, operands = logits.split([self.operators, self.choices - self.operators], 1)
        padded = nn.functional.pad(operands, (0, 1), value=-torch.inf)
        operands = padded.index_select(1, self.place).view(-1, self.lines, 2, self.width)
        return operators.view(-1, self.lines, 4).softmax(-1), operands.softmax(-1)

    def expected_length(self, logits):
        operators, operands = self.relaxed(logits)
        counted, no_operation = operators[..., :3].sum(-1), operators[..., 3]
        lengths = torch.zeros(len(logits), self.variables)
        for line in range(self.lines):
            left, right = torch.bmm(operands[:, line, :, :self.variables + line],
                                    lengths.unsqueeze(-1)).squeeze(-1).unbind(1)
            length = counted[:, line] * (1 + left + right) + no_operation[:, line] * left
            lengths = torch.cat([lengths, length.unsqueeze(1)], 1)
        return lengths[:, -1]


class Step:
    def __init__(self, sketch, features, pairs, piece, group):
        self.sketch, self.pairs, self.piece, self.group = sketch, pairs, piece, group
        self.grounder = Grounder()
        self.synthesizer = Synthesizer(sketch.variables, features, sketch.choices)
        modules = (self.grounder, self.synthesizer)
        self.adam = torch.optim.Adam([each for module in modules for each in module.parameters()], lr=3e-4, eps=1e-5,
                                     foreach=True)

    def run(self, images, rows, y, sigma, noise, weight=2e-4):
        """One step; images are normalised, noise [tasks, choices]. Returns the loss."""
        tasks = len(y)
        self.adam.zero_grad(set_to_none=True)
        found = self.grounder(images)
        # The tasks' pieces end at the symbols, so that the grounder goes backwards once.
        symbols = found.detach()[rows].requires_grad_()
        total = 0
        for begin in range(0, tasks, self.piece):
            piece = slice(begin, begin + self.piece)
            logits = self.synthesizer(y[piece, :self.pairs], symbols[:self.pairs])
            outputs = execute(*self.sketch.relaxed(logits + noise[piece]), symbols.t(), self.group)
            errors = ((outputs - y[piece]) / sigma[piece, None]).square().mean(1) / 2
            loss = (errors + weight * self.sketch.expected_length(logits)).sum() / tasks
            loss.backward()
            total += loss.item()
        found.backward(torch.zeros_like(found).index_put((rows,), symbols.grad, accumulate=True))
        for module in (self.synthesizer, self.grounder):
            nn.utils.clip_grad_norm_(module.parameters(), 1)
        self.adam.step()
        return total


def read_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            tensors[name] = torch.frombuffer(data[begin:end], dtype=torch.float32).reshape(entry["shape"])
    return tensors


def check(path):
    """The losses of Ropewalk's first steps, from the same weights, batch and noise."""
    given = read_safetensors(path)
    pairs, lines = (int(size) for size in given["sizes"])
    for piece, group in ((7, 5), (1000, 30)):
        step = Step(Sketch(3, lines), given["programs.synthesizer.mlp_out.0.weight"].shape[0], pairs, piece, group)
        for module, prefix in ((step.grounder, "grounder."), (step.synthesizer, "programs.synthesizer.")):
            state = {name[len(prefix):]: tensor.clone() for name, tensor in given.items() if name.startswith(prefix)}
            missing = module.load_state_dict(state, strict=False)
            if missing.unexpected_keys or any("num_batches" not in key for key in missing.missing_keys):
                print(missing)
                return False
        mean, deviation = given["statistics"]
        images = (given["pixels"] - mean) / deviation
        losses = [step.run(images, given["rows"].long(), given["y"], given["sigma"], noise)
                  for noise in given["noise"]]
        error = max(abs(found / expected - 1) for found, expected in zip(losses, given["losses"].tolist()))
        print(f"pieces of {piece} tasks: losses of {len(losses)} steps "
              + ", ".join(f"{loss:.5f}" for loss in losses) + f"; they differ by at most {error:.1e} of themselves")
        if not error < 1e-3:
            return False
    return True


def measure(options, pairs, piece):
    torch.manual_seed(1)
    step = Step(Sketch(3, options.lines), options.features, pairs, piece, options.group)
    images = torch.randn(options.images, 1, 28, 28)
    rows = torch.randint(options.images, (options.rows, 3))
    y = torch.rand(options.tasks, options.rows)
    sigma = y.std(1, unbiased=False)
    elapsed, processor = [], []
    for repeat in range(options.repeats + 1):
        start, processor_start = time.perf_counter(), time.process_time()
        noise = -(-torch.rand(options.tasks, step.sketch.choices).clamp_(1e-7, 1 - 1e-7).log()).log()
        step.run(images, rows, y, sigma, noise)
        if repeat > 0:  # the first run allocates
            elapsed.append(time.perf_counter() - start)
            processor.append(time.process_time() - processor_start)
    return {"piece": piece, "steps_per_second": 1 / statistics.median(elapsed),
            "steps_per_processor_second": 1 / statistics.median(processor)}


def main():
    parser = argparse.ArgumentParser(description="A training step of amortised gradient search in PyTorch.")
    parser.add_argument("--tasks", type=int, default=500)
    parser.add_argument("--images", type=int, default=128)
    parser.add_argument("--rows", type=int, default=256)
    parser.add_argument("--pairs", type=int, nargs="+", default=[16, 256])
    parser.add_argument("--lines", type=int, default=30)
    parser.add_argument("--features", type=int, default=256)
    parser.add_argument("--group", type=int, default=5, help="lines of the executor that go together")
    parser.add_argument("--work", type=int, nargs="+", default=[2000, 8000],
                        help="tasks times pairs of a piece to try; the best one counts")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", metavar="FILE", help="write the measurements here")
    parser.add_argument("--check", metavar="FILE", help="compare with what ropewalk_roap_step_dump wrote instead")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    if options.check:
        sys.exit(0 if check(options.check) else 1)
    sizes = []
    for pairs in options.pairs:
        pieces = sorted({min(options.tasks, max(1, work // pairs)) for work in options.work})
        measured = [measure(options, pairs, piece) for piece in pieces]
        for each in measured:
            print(f"PyTorch {torch.__version__}, {options.threads} thread(s), {pairs} pairs, pieces of {each['piece']} tasks: "
                  f"{1e3 / each['steps_per_second']:.0f} ms a step, "
                  f"{1e3 / each['steps_per_processor_second']:.0f} ms of processor time", flush=True)
        sizes.append({"pairs": pairs, "pieces": measured})
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"torch": torch.__version__, "threads": options.threads, "tasks": options.tasks,
                       "rows": options.rows, "lines": options.lines, "features": options.features,
                       "steps": sizes}, file, indent=1)


if __name__ == "__main__":
    main()
