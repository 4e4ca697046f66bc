"""What a step of learning from images costs with 1, 2 and 4 processes of one thread, over the loopback device of this
machine: seconds by the clock, seconds of all processors and bytes that are sent, each less what comes before and after the
steps. Also says whether the weights are the same bytes. Prints JSON for cluster_simulation.py.

    python3 benchmarks/process_costs.py build/release/bin/ropewalk --images glyphs --tasks 100 > costs.json
"""

import hashlib
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STEPS = (20, 120)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def sent_bytes():
    for line in Path("/proc/net/dev").read_text().splitlines():
        name, _, counters = line.partition(":")
        if name.strip() == "lo":
            return int(counters.split()[8])
    raise SystemExit("no loopback device")


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(command, processes, steps):
    """One run of so many steps: seconds, processor seconds, bytes, images, hash of the weights."""
    with tempfile.TemporaryDirectory() as folder:
        own = ["--seconds", "0", "--refine-steps", str(steps), "--no-generalisation", "--quiet", "--threads", "1", "-o", folder]
        group = {"WORLD_SIZE": str(processes), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port())}
        begin, processor, sent = time.monotonic(), processor_seconds(), sent_bytes()
        started = [subprocess.Popen([*command, *own], env={**os.environ, **group, "RANK": str(rank)}, stdout=subprocess.DEVNULL)
                   for rank in range(processes)]
        codes = [each.wait() for each in started]
        if max(codes) > 1:
            raise SystemExit(f"exit statuses {codes}")
        weights = (Path(folder) / "weights.safetensors").read_bytes()
        images = json.loads((Path(folder) / "run.json").read_text())["images_seen"]
        return (time.monotonic() - begin, processor_seconds() - processor, sent_bytes() - sent, images,
                hashlib.sha256(weights).hexdigest())


def main(binary, *options):
    command = [binary, "perceive", *options, *([] if "--ranks" in options else ["--ranks", "8"])]
    measured = []
    for processes in (1, 2, 4):
        few, many = (run(command, processes, steps) for steps in STEPS)
        seconds, processor, sent, images = ((b - a) / (STEPS[1] - STEPS[0]) for a, b in zip(few[:4], many[:4]))
        measured.append({"processes": processes, "seconds": seconds, "processor_seconds": processor, "bytes": sent,
                         "sha256": many[4]})
    print(json.dumps({"steps": measured, "images_of_step": images, "same": len({each["sha256"] for each in measured}) == 1}, indent=2))


if __name__ == "__main__":
    main(*sys.argv[1:])
