"""A SIMULATION, not a measurement: how long work would take on 10, 100 and 1,000 machines, from costs that were measured on one.

Units are handed out one by one in the order of their indices, as executors do, to machines that take one at a time. The one who
asks sends and receives one after the other, over one line. Machines are lost at random, and their unit is run again elsewhere.

    build/venv/bin/python benchmarks/cluster_simulation.py costs.json
"""

import heapq
import json
import random
import sys
from dataclasses import dataclass

LATENCY = 0.5e-3  # seconds, of a network in one building
BANDWIDTH = 125e6  # bytes a second, 1 Gbit/s, of the one who asks
HOURS_BETWEEN_LOSSES = 1000  # of one machine
GROWTH = 11.6  # pairs of 8 operators for each of 7, as counted


@dataclass
class Work:
    name: str
    units: int
    seconds: float  # of a unit on one thread
    deviation: float
    build: float  # seconds before a machine's first unit: starting, and what it builds for itself
    sent: float  # bytes of a unit
    back: float
    overhead: float  # seconds of the one who asks for a unit
    serial: float  # seconds that only the one who asks can do


def simulated(work: Work, machines: int, seed: int = 0) -> float:
    """Seconds until the last unit is back and put in its place."""
    chance = random.Random(seed)
    free = [(work.build, machine) for machine in range(machines)]
    heapq.heapify(free)
    line = 0.0  # when the one who asks is free again
    end = 0.0
    per_unit = work.overhead + (work.sent + work.back) / BANDWIDTH
    left = work.units
    while left:
        begin, machine = heapq.heappop(free)
        line = max(line, begin) + per_unit
        seconds = max(0.1 * work.seconds, chance.gauss(work.seconds, work.deviation))
        if chance.random() < seconds / 3600 / HOURS_BETWEEN_LOSSES:
            heapq.heappush(free, (line + chance.random() * seconds + work.build, machine))
            continue
        done = line + 2 * LATENCY + seconds
        end = max(end, done)
        heapq.heappush(free, (done, machine))
        left -= 1
    return end + work.serial


def shown(seconds: float) -> str:
    for unit, size in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} s"


def main() -> None:
    with open(sys.argv[1]) as file:
        costs = json.load(file)
    restarts, formulas = costs["restarts"], costs["formulas"]
    start, trip = costs["worker_start_seconds"], costs["round_trip_seconds"]
    works = [
        Work(
            "10^6 restarts of fibonacci, 400 steps each",
            10**6 // 16,
            restarts["unit_seconds_mean"],
            restarts["unit_seconds_deviation"],
            start,
            restarts["bytes_sent"],
            restarts["bytes_back"],
            trip + restarts["serial_seconds_of_unit"],
            restarts["serial_seconds"],
        ),
        *(
            Work(
                f"all formulas of {operators} operators, 3 variables, + - * /",
                round(formulas["units"] * GROWTH ** (operators - 8)),
                formulas["unit_seconds_mean"],
                formulas["unit_seconds_deviation"],
                start + max(0.0, formulas["first_unit_seconds"] - formulas["unit_seconds_mean"]),
                formulas["bytes_sent"],
                formulas["bytes_back"],
                trip,
                formulas["serial_seconds"],
            )
            for operators in (9, 11)
        ),
    ]
    print("SIMULATED from costs measured on one machine; not a measurement.\n")
    print("| work | units | 1 machine | 10 | 100 | 1,000 |\n|---|---|---|---|---|---|")
    for work in works:
        row = []
        alone = simulated(work, 1)
        for machines in (1, 10, 100, 1000):
            seconds = simulated(work, machines)
            row.append(shown(seconds) + ("" if machines == 1 else f" ({alone / seconds:.0f}x)"))
        print(f"| {work.name} | {work.units:,} | " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
