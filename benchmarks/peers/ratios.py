#!/usr/bin/env python3
"""Prints Ropewalk's speed beside PyTorch's, with the share of the multiply-add peak: step-samples of the
differentiable machine, samples of the executor of sketches, and training steps of amortised gradient search.

usage: ratios.py BENCH.json [PEER.json ...], written by ropewalk_benchmarks --benchmark_out, torch_step.py --json,
torch_executor.py --json and torch_roap_step.py --json (one file per number of threads). Rows without a
measurement show a dash.
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

# The executor's headline. A line l has two sums over V + l slots; the adjoint of a multiply-add is two.
VARIABLES, SKETCH_LINES, TASKS, ROWS = 3, 30, 500, 256
SKETCH_FORWARD = 2 * sum(VARIABLES + line for line in range(SKETCH_LINES))
SKETCH_MULTIPLY_ADDS = {"forward": SKETCH_FORWARD, "forward_backward": 3 * SKETCH_FORWARD}
SKETCH_SIZES = f"T{TASKS}_N{ROWS}_L{SKETCH_LINES}"


def measured(benchmarks, name, counter):
    """Median of `counter` by elapsed and by processor time; None where the benchmark did not run."""
    runs = [run for run in benchmarks if run.get("run_name", run["name"]) == name
            and run.get("run_type", "iteration") == "iteration" and counter in run]
    if not runs:
        return None
    return {"elapsed": statistics.median(run[counter] for run in runs),
            "processor": statistics.median(run[counter] * run["real_time"] / run["cpu_time"] for run in runs)}


def best_of(peer, what):
    """The peer's batch or group size that is fastest."""
    if "batches" in peer:
        return max(peer["batches"], key=lambda batch: batch[what]["step_samples_per_second"])
    return max(peer["groups"], key=lambda group: group[what]["samples_per_second"])


def rows(benchmarks, peer, prefix, sizes):
    """(what, who, threads, rates) of every row of a table."""
    for what in MULTIPLY_ADDS:
        for threads in (1, 2):
            rates = measured(benchmarks, f"{prefix}/{what}/{sizes}/threads:{threads}/real_time", "items_per_second")
            if rates and threads > 1:
                rates["processor"] = None  # counts one of the threads only
            yield what, "Ropewalk", threads, rates
        if peer:
            best = best_of(peer, what)[what]
            kind = "step_samples" if "batches" in peer else "samples"
            yield what, "PyTorch eager", peer["threads"], {
                "elapsed": best[f"{kind}_per_second"], "processor": best[f"{kind}_per_processor_second"]}


def print_table(table, multiply_adds, peak):
    peer_rates = {what: rates for what, who, _, rates in table if who != "Ropewalk"}

    def show(value, form):
        return "-" if value is None else form.format(value)

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
            share = 2 * multiply_adds[what] * rates["processor"] / peak["processor"]
        print(line.format(what.replace("_", " and "), who, threads, show(elapsed, "{:.2f}"),
                          show(processor, "{:.2f}"), show(ratio, "{:.1f} x"), show(share and 100 * share, "{:.1f} %")))


def training_rates(benchmarks, pairs, threads):
    """Ropewalk's training steps per second; the benchmark counts the processor time of all threads."""
    name = f"roap_step/T{TASKS}_P{pairs}_N{ROWS}_L{SKETCH_LINES}_H256/threads:{threads}/process_time/real_time"
    return measured(benchmarks, name, "items_per_second")


def print_training_steps(benchmarks, peers):
    """Steps with their ratios on as many threads, by elapsed and by processor time of all threads."""
    print(f"\nTraining steps of amortised gradient search per second, {TASKS} tasks, {ROWS} pairs in the loss, "
          f"L{SKETCH_LINES}, glyphs:\n")
    line = "{:<34} {:>7} {:>10} {:>15} {:>12} {:>17}"
    print(line.format("", "threads", "elapsed", "processor time", "to PyTorch", "by processor time"))
    for pairs in (16, 256):
        for threads in (1, 2):
            what = f"{pairs} pairs for the synthesizer"
            ours, theirs = training_rates(benchmarks, pairs, threads), None
            for peer in peers:
                for size in peer["steps"]:
                    if (size["pairs"], peer["threads"]) == (pairs, threads):
                        theirs = {key: max(piece[f"steps_per_{key}second"] for piece in size["pieces"])
                                  for key in ("", "processor_")}
            if ours:
                ratios = ("-", "-") if not theirs else (f"{ours['elapsed'] / theirs['']:.1f} x",
                                                        f"{ours['processor'] / theirs['processor_']:.1f} x")
                print(line.format(what, threads, f"{ours['elapsed']:.2f}", f"{ours['processor']:.2f}", *ratios))
            if theirs:
                print(line.format("    PyTorch eager", threads, f"{theirs['']:.2f}", f"{theirs['processor_']:.2f}",
                                  "", ""))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        benchmarks = json.load(file)["benchmarks"]
    step_peer = executor_peer = None
    training_peers = []
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            peer = json.load(file)
        if "batches" in peer:
            step_peer = peer
        elif "steps" in peer:
            training_peers.append(peer)
        else:
            executor_peer = peer
    peak = measured(benchmarks, "machine/multiply_add_peak/real_time", "FLOP/s")

    print(f"\nMillions of step-samples per second, {SIZES}, paper13, default switches:\n")
    print_table(list(rows(benchmarks, step_peer, "step_samples", SIZES)), MULTIPLY_ADDS, peak)
    print(f"\nMillions of samples per second through the executor of sketches, V{VARIABLES} {SKETCH_SIZES}:\n")
    print_table(list(rows(benchmarks, executor_peer, "executor", SKETCH_SIZES)), SKETCH_MULTIPLY_ADDS, peak)
    print_training_steps(benchmarks, training_peers)
    print(f"""
Ratios and shares are of processor time on one thread and of elapsed time on two, unless the table says otherwise.
Multiply-adds per step-sample: forward L*C + b*b*4 + 4*m*b + 4*n*b = {FORWARD}, C = F + 3n + L = {COLUMNS} (4 = add sub mul
div; what costs O(b), and e^x, is not counted); forward and backward 3.5 times that, {MULTIPLY_ADDS['forward_backward']:.0f}.
Multiply-adds per sample of a sketch: forward 2 sum (V + l) = {SKETCH_FORWARD}, forward and backward three times that.""")
    if peak:
        print(f"Peak of one core in this run: {peak['elapsed'] / 1e9:.0f} GFLOP/s elapsed, "
              f"{peak['processor'] / 1e9:.0f} GFLOP/s of processor time.")
    if step_peer:
        best = {what: best_of(step_peer, what) for what in MULTIPLY_ADDS}
        print(f"PyTorch {step_peer['torch']}, each at the best of {len(step_peer['batches'])} batch sizes: "
              + ", ".join(f"{what.replace('_', ' and ')} {batch['programs']} programs x {batch['examples']} examples"
                          for what, batch in best.items()) + ".")
    if executor_peer:
        best = {what: best_of(executor_peer, what) for what in MULTIPLY_ADDS}
        print(f"PyTorch {executor_peer['torch']}, sketches at the best of {len(executor_peer['groups'])} group sizes: "
              + ", ".join(f"{what.replace('_', ' and ')} {group['group']} lines" for what, group in best.items()) + ".")


if __name__ == "__main__":
    main()
