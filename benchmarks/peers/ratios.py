#!/usr/bin/env python3
"""Prints Ropewalk's step-samples per second beside PyTorch's, with the share of the multiply-add peak.

usage: ratios.py BENCH.json [PEER.json], written by ropewalk_benchmarks --benchmark_out and torch_step.py --json.
Rows without a measurement show a dash.
"""
import json
import statistics
import sys

# Sizes of the headline, and its instructions that need a walk over all pairs (x, y): add sub mul div. The
# others cost O(b) and are not counted.
BASE, REGISTERS, CELLS, LINES, STEPS, INSTRUCTIONS, PAIR_INSTRUCTIONS = 8, 4, 8, 8, 32, 13, 4
COLUMNS = INSTRUCTIONS + 3 * REGISTERS + LINES
FORWARD = LINES * COLUMNS + BASE * BASE * PAIR_INSTRUCTIONS + 4 * CELLS * BASE + 4 * REGISTERS * BASE
MULTIPLY_ADDS = {"forward": FORWARD, "forward_backward": 3.5 * FORWARD}
SIZES = f"b{BASE}_n{REGISTERS}_m{CELLS}_L{LINES}_T{STEPS}"


def measured(benchmarks, name, counter):
    """Median of `counter` by elapsed and by processor time; None where the benchmark did not run."""
    runs = [run for run in benchmarks if run.get("run_name", run["name"]) == name
            and run.get("run_type", "iteration") == "iteration" and counter in run]
    if not runs:
        return None
    return {"elapsed": statistics.median(run[counter] for run in runs),
            "processor": statistics.median(run[counter] * run["real_time"] / run["cpu_time"] for run in runs)}


def best_batch(peer, what):
    return max(peer["batches"], key=lambda batch: batch[what]["step_samples_per_second"])


def rows(benchmarks, peer):
    """(what, who, threads, rates) of every row of the table."""
    for what in MULTIPLY_ADDS:
        for threads in (1, 2):
            rates = measured(benchmarks, f"step_samples/{what}/{SIZES}/threads:{threads}/real_time", "items_per_second")
            if rates and threads > 1:
                rates["processor"] = None  # counts one of the threads only
            yield what, "Ropewalk", threads, rates
        if peer:
            best = best_batch(peer, what)[what]
            yield what, "PyTorch eager", peer["threads"], {
                "elapsed": best["step_samples_per_second"], "processor": best["step_samples_per_processor_second"]}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        benchmarks = json.load(file)["benchmarks"]
    peer = None
    if len(sys.argv) > 2:
        with open(sys.argv[2], encoding="utf-8") as file:
            peer = json.load(file)
    peak = measured(benchmarks, "machine/multiply_add_peak/real_time", "FLOP/s")
    table = list(rows(benchmarks, peer))
    peer_rates = {what: rates for what, who, _, rates in table if who != "Ropewalk"}

    def show(value, form):
        return "-" if value is None else form.format(value)

    print(f"\nMillions of step-samples per second, {SIZES}, paper13, default switches:\n")
    line = "{:<22} {:<14} {:>7} {:>10} {:>15} {:>12} {:>14}"
    print(line.format("", "", "threads", "elapsed", "processor time", "to PyTorch", "share of peak"))
    for what, who, threads, rates in table:
        rates = rates or {"elapsed": None, "processor": None}
        elapsed, processor = (rates[key] and rates[key] / 1e6 for key in ("elapsed", "processor"))
        ratio = share = None
        if rates["elapsed"] and what in peer_rates:
            # Processor time where both have it: other work on the machine then counts less.
            key = "processor" if rates["processor"] else "elapsed"
            ratio = rates[key] / peer_rates[what][key]
        if rates["processor"] and peak:
            share = 2 * MULTIPLY_ADDS[what] * rates["processor"] / peak["processor"]
        print(line.format(what.replace("_", " and "), who, threads, show(elapsed, "{:.2f}"),
                          show(processor, "{:.2f}"), show(ratio, "{:.1f} x"), show(share and 100 * share, "{:.1f} %")))
    print(f"""
Ratios and shares are of processor time on one thread and of elapsed time on two.
Multiply-adds per step-sample: forward L*C + b*b*4 + 4*m*b + 4*n*b = {FORWARD}, C = F + 3n + L = {COLUMNS} (4 = add sub mul
div; what costs O(b), and e^x, is not counted); forward and backward 3.5 times that, {MULTIPLY_ADDS['forward_backward']:.0f}.""")
    if peak:
        print(f"Peak of one core in this run: {peak['elapsed'] / 1e9:.0f} GFLOP/s elapsed, "
              f"{peak['processor'] / 1e9:.0f} GFLOP/s of processor time.")
    if peer:
        best = {what: best_batch(peer, what) for what in MULTIPLY_ADDS}
        print(f"PyTorch {peer['torch']}, each at the best of {len(peer['batches'])} batch sizes: "
              + ", ".join(f"{what.replace('_', ' and ')} {batch['programs']} programs x {batch['examples']} examples"
                          for what, batch in best.items()) + ".")


if __name__ == "__main__":
    main()
