"""A SIMULATION, not a measurement: how long work would take on 10, 100 and 1,000 machines, from costs that were measured on one.

Units are handed out one by one in the order of their indices, as executors do, to machines that take one at a time. The one who
asks sends and receives one after the other, over one line. Machines are lost at random, and their unit is run again elsewhere.

    build/venv/bin/python benchmarks/cluster_simulation.py costs.json step-costs.json

Training makes one step after the other, on all machines at once; a machine that is lost ends all of them, which go on from the
last checkpoint. `step-costs.json` is what process_costs.py prints.
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


@dataclass
class Training:
    name: str
    images: float  # in all
    seconds: float  # of an image on one machine, forward and back
    gradient: float  # bytes
    images_of_step: int
    least: int  # images of a machine: a step has more where there are many


CHECKPOINTS = 60  # seconds between them
RESTART = 30  # seconds until all go on


def trained(work: Training, machines: int) -> float:
    """Seconds of a training: each exchange is one round to all, and one round in a ring."""
    of_machine = max(work.images_of_step / machines, work.least)
    steps = work.images / (of_machine * machines)
    exchange = 2 * work.gradient * (machines - 1) / machines / BANDWIDTH
    waiting = LATENCY * (1 + 2 * (machines - 1)) if machines > 1 else 0.0  # the sum, and whether anybody wants to stop
    seconds = steps * (of_machine * work.seconds + exchange + waiting)
    losses = seconds * machines / 3600 / HOURS_BETWEEN_LOSSES
    return seconds + losses * (CHECKPOINTS / 2 + RESTART)


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
    trainings = []
    if len(sys.argv) > 2:
        with open(sys.argv[2]) as file:
            step = json.load(file)
        of_image = step["steps"][0]["processor_seconds"] / step["images_of_step"]
        gradient = step["steps"][1]["bytes"] / 2  # two processes send half of the gradient, and half of its sums, each
        for images_of_step, least, kind in ((256, 1, "256 images a step"), (256, 32, "32 images a machine and step at least")):
            trainings.append(Training(f"CIFAR-10, ResNet-18, 6e7 images, {kind}", 6e7, of_image, gradient, images_of_step, least))
    print("SIMULATED from costs measured on one machine; not a measurement.\n")
    print("| work | units | 1 machine | 10 | 100 | 1,000 |\n|---|---|---|---|---|---|")
    for work in works:
        row = []
        alone = simulated(work, 1)
        for machines in (1, 10, 100, 1000):
            seconds = simulated(work, machines)
            row.append(shown(seconds) + ("" if machines == 1 else f" ({alone / seconds:.0f}x)"))
        print(f"| {work.name} | {work.units:,} | " + " | ".join(row) + " |")
    for work in trainings:
        alone = trained(work, 1)
        row = [shown(trained(work, m)) + ("" if m == 1 else f" ({alone / trained(work, m):.1f}x)") for m in (1, 10, 100, 1000)]
        print(f"| {work.name} | {work.images / work.images_of_step:,.0f} | " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
