#!/usr/bin/env python3
"""Times programs side by side: in each round each runs once, so that a busy moment hits all of them.

    measure.py --rounds 5 --json FILE [--fresh FOLDER] NAME=COMMAND…

Each starts without what it wrote to FOLDER/name before, and with nothing left to be written to the disk, so that none pays
for the output of another.
Prints, for each, the median wall and CPU seconds, the largest peak memory, and the ratios to the first. Memory is
that of the whole process tree, sampled, or the kernel's own figure for the program where that is larger.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time

PAGE = os.sysconf("SC_PAGE_SIZE")


def resident(pid):
    """Bytes that a process and all below it hold in memory now."""
    total, todo = 0, [pid]
    while todo:
        process = todo.pop()
        try:
            with open(f"/proc/{process}/statm", encoding="ascii") as statm:
                total += int(statm.read().split()[1]) * PAGE
            for thread in os.listdir(f"/proc/{process}/task"):
                with open(f"/proc/{process}/task/{thread}/children", encoding="ascii") as children:
                    todo += map(int, children.read().split())
        except (OSError, IndexError):
            pass  # it ended while we looked
    return total


def run(command):
    started = time.monotonic()
    process = subprocess.Popen(["bash", "-c", "exec " + command], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak, done = [0], threading.Event()

    def watch():
        while not done.wait(0.02):
            peak[0] = max(peak[0], resident(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    done.set()
    watcher.join()
    if process.returncode != 0:
        sys.exit(f"measure: exit code {process.returncode} from: {command}\n{said.decode(errors='replace')[-2000:]}")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime,
            "memory": max(peak[0], usage.ru_maxrss * 1024) / 2**20}


def empty(folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    os.sync()


def summary(runs):
    return {"wall": statistics.median(r["wall"] for r in runs), "cpu": statistics.median(r["cpu"] for r in runs),
            "memory": max(r["memory"] for r in runs), "fastest": min(r["wall"] for r in runs),
            "slowest": max(r["wall"] for r in runs)}


def table(results):
    first = next(iter(results.values()))
    rows = ["| | wall s (median) | fastest–slowest | CPU s | peak MiB | wall, to the first | memory, to the first |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for name, r in results.items():
        rows.append(f"| {name} | {r['wall']:.2f} | {r['fastest']:.2f}–{r['slowest']:.2f} | {r['cpu']:.2f} | {r['memory']:.0f} "
                    f"| {r['wall'] / first['wall']:.1f} × | {r['memory'] / first['memory']:.2f} × |")
    return "\n".join(rows)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--json")
    arguments.add_argument("--fresh", metavar="FOLDER")
    arguments.add_argument("jobs", nargs="+", metavar="NAME=COMMAND")
    given = arguments.parse_args()
    jobs = dict(job.split("=", 1) for job in given.jobs)
    runs = {name: [] for name in jobs}
    for _ in range(given.rounds):
        for name, command in jobs.items():
            if given.fresh:
                empty(os.path.join(given.fresh, name.lower()))
            runs[name].append(run(command))
    results = {name: summary(done) for name, done in runs.items()}
    print(table(results))
    print(f"\n{given.rounds} rounds; load of the machine at the end: {os.getloadavg()[0]:.1f}")
    if given.json:
        with open(given.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
