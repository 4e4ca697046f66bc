#!/usr/bin/python3
"""The differentiable executor of sketches in PyTorch: the peer that Ropewalk's kernels are measured against.

The same lines and loss as src/ropewalk/formulas/sketch/kernels/executor_reference.cpp, batched over tasks T and rows N, with
the gradient by autograd. One thread, single precision. Lines go in groups: what a group reads from the slots before
it is one batched matrix product, [T, 2 lines, slots] times [T, slots, N], and so is what a line reads from its own
group. Larger groups copy less and multiply more; the best size counts.
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

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/roap.json"


def execute(operators, operands, symbols, group):
    """operators [T, L, 4], operands [T, L, 2, V+L-1] (left, right), symbols [V, N]; returns outputs [T, N]."""
    tasks, lines = operators.shape[:2]
    variables = symbols.shape[0]
    slots = symbols.expand(tasks, *symbols.shape)
    add, subtract, multiply, keep = operators.unsqueeze(-1).unbind(2)
    by_left, by_right = add + subtract + keep, add - subtract
    for begin in range(0, lines, group):
        end, before = min(begin + group, lines), variables + begin
        read = torch.bmm(operands[:, begin:end, :, :before].reshape(tasks, -1, before), slots)
        read = read.reshape(tasks, end - begin, 2, -1)
        own = []
        for line in range(begin, end):
            pair = read[:, line - begin]
            if own:
                pair = torch.baddbmm(pair, operands[:, line, :, before:before + len(own)], torch.stack(own, 1))
            left, right = pair.unbind(1)
            own.append(torch.addcmul(by_right[:, line] * right, left, multiply[:, line] * right + by_left[:, line]))
        if end < lines:
            slots = torch.cat([slots, torch.stack(own, 1)], 1)
    return own[-1]


def check(path):
    """Outputs and gradients against the golden cases."""
    for case in json.loads(pathlib.Path(path).read_text())["cases"]:
        real = lambda key: torch.tensor(case[key]["data"], dtype=torch.float64).reshape(case[key]["shape"])
        operators = real("zO").requires_grad_()
        operands = torch.stack([real("zL"), real("zR")], 2).requires_grad_()
        symbols = real("s").requires_grad_()
        readable = torch.zeros(operands.shape[1], operands.shape[3])
        for line in range(case["L"]):
            readable[line, :case["V"] + line] = 1
        for group in (1, 4, 30):
            for leaf in (operators, operands, symbols):
                leaf.grad = None
            outputs = execute(operators, operands, symbols, group)
            (outputs * real("exec_w")).sum().backward()
            gradient = operands.grad * readable[:, None]
            pairs = [("outputs", outputs, real("y")), ("operators", operators.grad, real("exec_dzO")),
                     ("left", gradient[:, :, 0], real("exec_dzL") * readable),
                     ("right", gradient[:, :, 1], real("exec_dzR") * readable),
                     ("symbols", symbols.grad, real("exec_ds"))]
            error = max((found.detach() - expected).abs().max().item() for _, found, expected in pairs)
            print(f"{case['name']}, groups of {group}: outputs and gradients differ by at most {error:.1e}")
            if not error < 1e-9:
                return False
    return True


def measure(tasks, rows, lines, group, repeats):
    """Samples through all lines per second, medians, by elapsed and by processor time."""
    torch.manual_seed(1)
    variables = 3
    width = variables + lines - 1
    mask = torch.arange(width) < variables + torch.arange(lines)[:, None]
    logits = torch.randn(tasks, lines, 2, width).masked_fill(~mask[:, None], -torch.inf)
    operands = torch.softmax(logits, -1).requires_grad_()
    operators = torch.softmax(torch.randn(tasks, lines, 4), -1).requires_grad_()
    symbols = (torch.randint(1, 11, (variables, rows)) / 10).requires_grad_()
    targets = torch.rand(tasks, rows)

    def loss():
        return torch.nn.functional.mse_loss(execute(operators, operands, symbols, group), targets) / 2

    def forward():
        with torch.no_grad():
            loss()

    def forward_backward():
        operators.grad = operands.grad = symbols.grad = None
        loss().backward()

    result = {"tasks": tasks, "rows": rows, "lines": lines, "group": group}
    for function in (forward, forward_backward):
        function()  # the first run allocates
        elapsed, processor = [], []
        for _ in range(repeats):
            start, processor_start = time.perf_counter(), time.process_time()
            function()
            elapsed.append(time.perf_counter() - start)
            processor.append(time.process_time() - processor_start)
        result[function.__name__] = {
            "samples_per_second": tasks * rows / statistics.median(elapsed),
            "samples_per_processor_second": tasks * rows / statistics.median(processor)}
    return result


def main():
    parser = argparse.ArgumentParser(description="The executor of sketches in PyTorch, on one thread.")
    parser.add_argument("--tasks", type=int, default=500)
    parser.add_argument("--rows", type=int, default=256)
    parser.add_argument("--lines", type=int, default=30)
    parser.add_argument("--groups", type=int, nargs="+", default=[1, 3, 5, 10, 30],
                        help="group sizes to try; the best one counts")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", metavar="FILE", help="write the measurements here")
    parser.add_argument("--check", metavar="GOLDEN", nargs="?", const=GOLDEN,
                        help="compare outputs and gradients with golden numbers instead (tests/golden/roap.json)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    if options.check:
        sys.exit(0 if check(options.check) else 1)
    groups = [measure(options.tasks, options.rows, options.lines, group, options.repeats)
              for group in options.groups]
    for each in groups:
        print(f"groups of {each['group']}: " + ", ".join(
            f"{what.replace('_', ' and ')} {1e3 * options.tasks * options.rows / each[what]['samples_per_second']:.1f} ms"
            for what in ("forward", "forward_backward")))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"torch": torch.__version__, "threads": 1, "groups": groups}, file, indent=1)


if __name__ == "__main__":
    main()
