"""What a unit of work costs: seconds of a processor, and bytes that are sent to a worker and back. Prints JSON for
cluster_simulation.py.

    PYTHONPATH=build/release/python build/venv/bin/python benchmarks/cluster_costs.py > costs.json
"""

import json
import multiprocessing
import pickle
import sys
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from pathlib import Path

import numpy as np

import ropewalk as rw

PROGRAMS = Path(__file__).parents[1] / "programs"


class Measuring(Executor):
    """Runs each unit at once, and keeps what it took: seconds, bytes there, bytes back."""

    def __init__(self):
        self.units = []

    def submit(self, function, /, *unit):
        sent = pickle.dumps((function, *unit))
        begin = time.process_time()
        answer = function(*unit)
        self.units.append((time.process_time() - begin, len(sent), len(pickle.dumps(answer))))
        future = Future()
        future.set_result(answer)
        return future


def costs(work):
    """Of the units of a piece of work, and of what the one who asks does beside them."""
    executor = Measuring()
    begin = time.process_time()
    work(executor)
    whole = time.process_time() - begin
    seconds, sent, back = (list(column) for column in zip(*executor.units, strict=True))
    return {
        "units": len(seconds),
        "first_unit_seconds": seconds[0],
        "unit_seconds": float(np.median(seconds)),
        "unit_seconds_mean": float(np.mean(seconds[1:] or seconds)),
        "unit_seconds_deviation": float(np.std(seconds[1:] or seconds)),
        "bytes_sent": float(np.mean(sent)),
        "bytes_back": float(np.mean(back)),
        "serial_seconds": whole - sum(seconds),
    }


def per_unit(large, small):
    """Seconds of the one who asks that grow with the units, for each."""
    return max(0.0, (large["serial_seconds"] - small["serial_seconds"]) / (large["units"] - small["units"]))


def restarts(executor, count=640):
    rw.tune("fibonacci", restarts=count, iterations=400, executor=executor, repair=False)


def few_restarts(executor):
    restarts(executor, 160)


def formulas(executor):
    random = np.random.default_rng(0)
    X = random.uniform(1, 2, (200, 3))
    rw.FormulaRegressor(operators=("add", "sub", "mul", "div"), constants=False, max_operators=8, timeout=None).fit(
        X, random.uniform(1, 2, 200), executor=executor
    )


def inputs(executor):
    rw.verify(rw.Program.load(str(PROGRAMS / "fibonacci.asm")), "fibonacci", random_inputs=1 << 20, executor=executor)


def nothing():
    return None


def round_trip():
    """Seconds of a unit that does nothing on a pool of two processes, and of starting a process."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        begin = time.perf_counter()
        pool.submit(nothing).result()
        start = time.perf_counter() - begin
        begin = time.perf_counter()
        for _ in range(200):
            pool.submit(nothing).result()
        return start, (time.perf_counter() - begin) / 200


if __name__ == "__main__":
    measured = {}
    for work in (restarts, formulas, inputs):
        print(f"measuring {work.__name__} ...", file=sys.stderr)
        measured[work.__name__] = costs(work)
    measured["restarts"]["serial_seconds_of_unit"] = per_unit(measured["restarts"], costs(few_restarts))
    measured["worker_start_seconds"], measured["round_trip_seconds"] = round_trip()
    print(json.dumps(measured, indent=1))
