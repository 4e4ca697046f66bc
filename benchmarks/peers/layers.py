#!/usr/bin/env python3
"""Programs as layers: Ropewalk beside the same machine in PyTorch (eager) and in JAX (jitted), on one core, in one run.

Forward and backward of a batch of distributions over memory through one program, with derivatives by its weights and
by the memory, in single precision. The machine in PyTorch is the one of torch_step.py, which is checked against golden
numbers; the one in JAX is below. `--check` compares all of them in double precision. Who is not installed is left out.

usage: layers.py [--check] [--json FILE] [--rounds N] [--batch N ...]; Ropewalk's package must be importable
(PYTHONPATH=build/release/python).
"""
import argparse
import json
import os
import pathlib
import statistics
import sys
import time

os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import numpy as np

import ropewalk as rw

try:
    import torch
    import torch_step
except ImportError:
    torch = None
try:
    import jax
    import jax.numpy as jnp
except ImportError:
    jax = None

from instructions import PAPER13, VALUES

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADLINE = "b8 n4 m8 L8 T32"
PROGRAMS = ["map_inc", "addition", "reverse", "sort", "merge"]


class Case:
    """A machine with its weights; programs are compiled with noise 0.3, as layers that are to be trained are."""

    def __init__(self, name):
        if name == HEADLINE:
            text = ".base 8\n.cells 8\n.registers 4\n.steps 32\n" + "nop\n" * 8
            machine = rw.Program.parse(text).compile()
            self.weights = np.random.default_rng(1).uniform(-2, 2, machine.weights.shape).astype(np.float32)
        else:
            machine = rw.Program.load(str(ROOT / "programs" / f"{name}.asm")).compile(gamma=0.3)
            self.weights = machine.weights
        self.name, self.machine, self.steps = name, machine, machine.steps
        sizes, registers, instructions, self.switches = rw._core.plain_configuration(machine)
        self.base, self.cells, self.registers, self.lines = sizes
        self.initial = list(registers) + [0] * (self.registers - len(registers))
        self.instructions = PAPER13

    def memory(self, batch):
        draws = np.random.default_rng(2).exponential(size=(batch, self.cells, self.base)) ** 3
        return (draws / draws.sum(-1, keepdims=True)).astype(np.float32)

    def directions(self, batch):
        return np.random.default_rng(3).normal(size=(batch, self.cells, self.base)).astype(np.float32)


def ropewalk_of(case, dtype):
    """A function of weights, memory and direction to the result and both derivatives."""
    configuration = rw._core.plain_configuration(case.machine)
    name = np.dtype(dtype).name
    run, adjoint = (getattr(rw._core, f"run_layer{what}_{name}") for what in ("", "_adjoint"))

    def step(weights, memory, direction):
        result = run(configuration, weights, memory, case.steps, 1)
        return (result, *adjoint(configuration, weights, memory, direction, case.steps, 1, True))

    return step


def torch_of(case, dtype):
    kind = torch.float64 if dtype == np.float64 else torch.float32
    peer = torch_step.Machine(case.base, case.cells, case.registers, case.lines, case.instructions, kind)

    def step(weights, memory, direction):
        w = torch.from_numpy(weights)[None].requires_grad_()
        m = torch.from_numpy(memory)[None].requires_grad_()
        registers = peer.one_hot(torch.tensor(case.initial)).expand(1, len(memory), -1, -1)
        line = torch.zeros(1, len(memory), case.lines, dtype=kind)
        line[..., 0] = 1
        state = line, m, registers, torch.zeros(1, len(memory), 1, dtype=kind)
        for _ in range(case.steps):
            state = peer.step(w, *state)
        state[1].backward(torch.from_numpy(direction)[None])
        return state[1].detach().numpy()[0], w.grad.numpy()[0], m.grad.numpy()[0]

    return step


def jax_of(case, dtype):
    """One compiled function: a scan over the steps, the gradient by reverse mode through it."""
    base, cells, n, lines, instructions = case.base, case.cells, case.registers, case.lines, case.instructions
    valued = [k for k, name in enumerate(instructions) if name in VALUES]
    order = np.array(valued + [instructions.index("read")])
    halt, write, jump = (instructions.index(name) for name in ("halt", "write", "jump"))
    table = np.zeros((base, base, len(valued), base), dtype)
    for k, position in enumerate(valued):
        for x in range(base):
            for y in range(base):
                table[x, y, k, VALUES[instructions[position]](x, y) % base] = 1
    table = jnp.asarray(table.reshape(base * base, -1))
    fold = jnp.asarray(np.tile(np.eye(cells, dtype=dtype), (-(-base // cells), 1))[:base])
    edges = np.cumsum([0, len(instructions), n, n, n, lines])

    def step(weights, state):
        line, memory, registers, halted = state
        logits = line @ weights
        f, a1, a2, a3, target = (jax.nn.softmax(logits[:, a:b]) for a, b in zip(edges, edges[1:]))
        value1, value2 = (jnp.einsum("bn,bnx->bx", a, registers) for a in (a1, a2))
        address = value1 if cells == base else value1 @ fold
        pairs = (value1[:, :, None] * value2[:, None, :]).reshape(-1, base * base)
        pushed = (pairs @ table).reshape(-1, len(valued), base)
        read = jnp.einsum("bm,bmx->bx", address, memory)[:, None]
        by_value = f[:, order]
        output = jnp.einsum("bk,bkx->bx", by_value, jnp.concatenate([pushed, read], 1))[:, None]
        halted = halted + (1 - halted) * f[:, halt, None]
        keep = 1 - halted
        share = by_value.sum(-1)[:, None, None]
        registers = registers + (keep * a3)[:, :, None] * (output - share * registers)
        memory = memory + (keep * f[:, write, None] * address)[:, :, None] * (value2[:, None] - memory)
        advanced = jnp.roll(line, 1, -1)
        moved = advanced + (f[:, jump] * value1[:, 0])[:, None] * (target - advanced)
        return line + keep * (moved - line), memory, registers, halted

    def run(weights, memory):
        batch = memory.shape[0]
        start = (jnp.zeros((batch, lines), dtype).at[:, 0].set(1), memory,
                 jnp.broadcast_to(jax.nn.one_hot(np.array(case.initial), base, dtype=dtype), (batch, n, base)),
                 jnp.zeros((batch, 1), dtype))
        return jax.lax.scan(lambda state, _: (step(weights, state), None), start, length=case.steps)[0][1]

    @jax.jit
    def all_of(weights, memory, direction):
        result, back = jax.vjp(run, weights, memory)
        return (result, *back(direction))

    return lambda *arrays: jax.block_until_ready(all_of(*arrays))


def peers(case, dtype):
    makers = {"Ropewalk": ropewalk_of}
    if torch is not None:
        makers["PyTorch eager"] = torch_of
    if jax is not None:
        makers["JAX jitted"] = jax_of
    return {name: make(case, dtype) for name, make in makers.items()}


def check(cases):
    """Everybody's result and derivatives against Ropewalk's, in double precision."""
    if jax is not None:
        jax.config.update("jax_enable_x64", True)
    right = True
    for case in cases:
        arrays = [each.astype(np.float64) for each in (case.weights, case.memory(5), case.directions(5))]
        functions = peers(case, np.float64)
        expected = functions.pop("Ropewalk")(*arrays)
        for name, function in functions.items():
            errors = [float(np.abs(np.asarray(a) - b).max() / max(1, np.abs(b).max()))
                      for a, b in zip(function(*arrays), expected)]
            print(f"{case.name}: {name} differs by {max(errors):.1e}")
            right &= max(errors) < 1e-9
    return right


def measure(case, batch, rounds):
    """Step-samples per second of each, the median of rounds in turn."""
    arrays = case.weights, case.memory(batch), case.directions(batch)
    functions = peers(case, np.float32)
    times = {name: [] for name in functions}
    for function in functions.values():
        function(*arrays)  # the first run allocates, or compiles
    for _ in range(rounds):
        for name, function in functions.items():
            repeats = 1
            while True:
                start = time.process_time()
                for _ in range(repeats):
                    function(*arrays)
                taken = time.process_time() - start
                if taken > 0.05:
                    break
                repeats *= 2
            times[name].append(taken / repeats)
    return {name: batch * case.steps / statistics.median(each) for name, each in times.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch", type=int, nargs="+", default=[256])
    options = parser.parse_args()
    if torch is not None:
        torch.set_num_threads(1)
        torch.set_flush_denormal(True)
    cases = [Case(name) for name in [HEADLINE, *PROGRAMS]]
    if options.check:
        sys.exit(0 if check(cases) else 1)
    rows = []
    for case in cases:
        for batch in options.batch:
            rates = measure(case, batch, options.rounds)
            rows.append({"program": case.name, "batch": batch, "steps": case.steps, "rates": rates})
            ours = rates["Ropewalk"]
            others = ", ".join(f"{name} {rate / 1e6:.3f} ({ours / rate:.1f} x)"
                               for name, rate in rates.items() if name != "Ropewalk")
            print(f"{case.name:<16} batch {batch:>5}, T {case.steps:>3}: Ropewalk {ours / 1e6:.2f} M step-samples/s; {others}",
                  flush=True)
    if options.json:
        versions = {each.__name__: each.__version__ for each in (torch, jax) if each is not None}
        pathlib.Path(options.json).write_text(json.dumps({"versions": versions, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
