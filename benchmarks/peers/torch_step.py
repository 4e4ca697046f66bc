#!/usr/bin/python3
"""The differentiable machine in PyTorch: the peer that Ropewalk's kernels are measured against.

The same T steps, cross-entropy and gradient as src/ropewalk/programs/machine/kernels/reference.cpp with the default
switches, batched over programs R and examples B, with the gradient by autograd. One thread, single precision.
What a step does to many values at once is one matrix product: the heads are l W per program, and the
push-forwards of v1 x v2 through all instructions are one product with the table of eq. 6. It is twice as fast
with OpenBLAS (libopenblas0-pthread) as with the plain BLAS that python3-torch brings along.
"""
import argparse
import json
import os
import pathlib
import statistics
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when torch loads it
import torch

from instructions import PAPER13, VALUES

PROBABILITY_FLOOR = 1e-6
GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/sdp.json"


class Machine:
    """Weights are [R, L, C]; the columns are instruction F, a1, a2, a3 n each, target L."""

    def __init__(self, base, cells, registers, lines, instructions=PAPER13, dtype=torch.float32):
        self.base, self.cells, self.registers, self.lines = base, cells, registers, lines
        self.instructions, self.dtype = instructions, dtype
        self.columns = len(instructions) + 3 * registers + lines
        # Which columns belong to the same head: e^x times this is what a softmax divides by. One e^x over all
        # columns takes less time than five softmaxes of a few entries each.
        widths = [len(instructions)] + 3 * [registers] + [lines]
        self.heads = torch.block_diag(*[torch.ones(width, width, dtype=dtype) for width in widths])
        # The value instructions come first inside a step, `read` last of them: [values | read].
        self.valued = [k for k, name in enumerate(instructions) if name in VALUES]
        self.value_order = torch.tensor(self.valued + [instructions.index("read")])
        self.halt, self.write, self.jump = (instructions.index(name) for name in ("halt", "write", "jump"))
        table = torch.zeros(base, base, len(self.valued), base, dtype=dtype)
        for k, position in enumerate(self.valued):
            for x in range(base):
                for y in range(base):
                    table[x, y, k, VALUES[instructions[position]](x, y) % base] = 1
        self.table = table.reshape(base * base, -1)
        self.fold = torch.eye(cells, dtype=dtype).repeat(-(-base // cells), 1)[:base]  # x -> x mod cells

    def one_hot(self, values):
        return torch.nn.functional.one_hot(values, self.base).to(self.dtype)

    def run(self, weights, memory, registers, steps):
        """Values at the start are [B, m] and [B, n]; returns memory, registers and H after every step."""
        programs, examples = weights.shape[0], memory.shape[0]
        memory = self.one_hot(memory).expand(programs, examples, self.cells, self.base)
        registers = self.one_hot(registers).expand(programs, examples, self.registers, self.base)
        line = torch.zeros(programs, examples, self.lines, dtype=self.dtype)
        line[..., 0] = 1
        halted = torch.zeros(programs, examples, 1, dtype=self.dtype)
        history = []
        for _ in range(steps):
            line, memory, registers, halted = self.step(weights, line, memory, registers, halted)
            history.append(halted)
        return memory, registers, torch.stack(history)

    def step(self, weights, line, memory, registers, halted):
        shape = line.shape[:2]
        # Heads (eq. 1-2), v1, v2 (eq. 5), address.
        logits = torch.bmm(line, weights)
        powers = (logits - logits.detach().amax(-1, keepdim=True)).exp()
        instruction, operands, target = (powers / torch.matmul(powers, self.heads)).split(
            [len(self.instructions), 3 * self.registers, self.lines], dim=-1)
        operands = operands.reshape(*shape, 3, self.registers)
        value1, value2 = torch.matmul(operands[..., :2, :], registers).unbind(-2)
        address = value1 if self.cells == self.base else value1 @ self.fold

        # o (eq. 6): all push-forwards and `read`, weighted by the instructions.
        pairs = (value1.unsqueeze(-1) * value2.unsqueeze(-2)).reshape(*shape, -1)
        pushed = torch.matmul(pairs, self.table).reshape(*shape, len(self.valued), self.base)
        read = torch.matmul(address.unsqueeze(-2), memory)
        by_value = instruction.index_select(-1, self.value_order)
        output = (by_value.unsqueeze(-1) * torch.cat([pushed, read], dim=-2)).sum(-2, keepdim=True)

        # Halting, registers, memory, line (eq. 7-11); a halted machine stands still.
        halted = halted + (1 - halted) * instruction[..., self.halt, None]
        keep = 1 - halted
        share = by_value.sum(-1, keepdim=True).unsqueeze(-1)
        next_registers = registers + (keep * operands[..., 2, :]).unsqueeze(-1) * (output - share * registers)
        written = keep * instruction[..., self.write, None] * address
        next_memory = torch.lerp(memory, value2.unsqueeze(-2), written.unsqueeze(-1))
        jump = instruction[..., self.jump, None] * value1[..., :1]
        moved = torch.lerp(line.roll(1, -1), target, jump)
        return torch.lerp(line, moved, keep), next_memory, next_registers, halted


def cross_entropy(rows, expected, mask):
    """Mean over the scored rows of every example: [R, B]."""
    index = expected.expand(rows.shape[:-1]).unsqueeze(-1)
    errors = -(rows.gather(-1, index).squeeze(-1) + PROBABILITY_FLOOR).log()
    return (errors * mask).sum(-1) / mask.sum(-1).clamp(min=1)


def check(path):
    """Loss and gradient against the golden cases with the default switches."""
    golden = json.loads(pathlib.Path(path).read_text())
    names = {"noop": "nop", "jez": "jump"}
    instructions = [names.get(name, name) for name in golden["about"]["ops"]]
    default = {"jump": "label", "mass": "keep", "ctrl": "logit", "halt": "absorb", "freeze": True}
    checked = 0
    for case in golden["cases"]:
        cfg = case["cfg"]
        if any(cfg[key] != value for key, value in default.items()):
            continue
        machine = Machine(cfg["b"], cfg["m"], cfg["nreg"], cfg["L"], instructions, torch.float64)
        real = lambda key: torch.tensor(case[key], dtype=torch.float64)
        weights = real("W").requires_grad_()
        memory, registers, halted = machine.run(
            weights, torch.tensor(case["mem_init"]), torch.tensor(case["reg_init"]), cfg["T"])
        by_example = (
            case["lam_mem"] * cross_entropy(memory, torch.tensor(case["mem_target"]), real("mem_mask"))
            + case["lam_reg"] * cross_entropy(registers, torch.tensor(case["reg_target"]), real("reg_mask"))
            + case["lam_halt"] * (1 - halted).mean(0).squeeze(-1))
        loss = by_example.mean(-1)
        loss.sum().backward()
        for what, found, expected in (("loss", loss, real("loss")), ("gradient", weights.grad, real("grad_W"))):
            error = (found.detach() - expected).abs().max().item()
            print(f"{case['name']}: {what} differs by at most {error:.1e}")
            if not error < 1e-9:
                return False
        checked += 1
    if checked == 0:
        print(f"{path}: no case with the default switches")
    return checked > 0


def measure(machine, programs, examples, steps, repeats):
    """Step-samples per second, medians, by elapsed and by processor time."""
    torch.manual_seed(1)
    weights = (4 * torch.rand(programs, machine.lines, machine.columns) - 2).requires_grad_()
    memory, expected = torch.randint(machine.base, (2, examples, machine.cells)).unbind(0)
    registers = torch.zeros(examples, machine.registers, dtype=torch.long)
    mask = torch.ones(examples, machine.cells)

    def loss():
        found, _, _ = machine.run(weights, memory, registers, steps)
        return cross_entropy(found, expected, mask).mean(-1).sum()

    def forward():
        with torch.no_grad():
            loss()

    def forward_backward():
        weights.grad = None
        loss().backward()

    result = {"programs": programs, "examples": examples, "steps": steps}
    for function in (forward, forward_backward):
        function()  # the first run allocates
        elapsed, processor = [], []
        for _ in range(repeats):
            start, processor_start = time.perf_counter(), time.process_time()
            function()
            elapsed.append(time.perf_counter() - start)
            processor.append(time.process_time() - processor_start)
        work = programs * examples * steps
        result[function.__name__] = {
            "step_samples_per_second": work / statistics.median(elapsed),
            "step_samples_per_processor_second": work / statistics.median(processor)}
    return result


def main():
    parser = argparse.ArgumentParser(description="The differentiable machine in PyTorch, on one thread.")
    parser.add_argument("--programs", type=int, nargs="+", default=[16, 64, 256, 512],
                        help="batch sizes to try; the best one counts")
    parser.add_argument("--examples", type=int, default=16)
    parser.add_argument("--steps", type=int, default=32)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", metavar="FILE", help="write the measurements here")
    parser.add_argument("--check", metavar="GOLDEN", nargs="?", const=GOLDEN,
                        help="compare loss and gradient with golden numbers instead (tests/golden/sdp.json)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    if options.check:
        sys.exit(0 if check(options.check) else 1)

    machine = Machine(base=8, cells=8, registers=4, lines=8)
    batches = []
    for programs in options.programs:
        batch = measure(machine, programs, options.examples, options.steps, options.repeats)
        batches.append(batch)
        rate = {what: batch[what]["step_samples_per_second"] / 1e6 for what in ("forward", "forward_backward")}
        print(f"PyTorch {torch.__version__}, one thread, {programs} programs x {options.examples} examples: "
              f"forward {rate['forward']:.3f} M step-samples/s, "
              f"forward and backward {rate['forward_backward']:.3f} M step-samples/s", flush=True)
    best = max(batches, key=lambda batch: batch["forward_backward"]["step_samples_per_second"])
    print(f"Best forward and backward: {best['programs']} programs x {best['examples']} examples")
    if options.json:
        report = {"torch": torch.__version__, "threads": 1, "batches": batches}
        pathlib.Path(options.json).write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
