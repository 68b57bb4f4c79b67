"""Runs a fleet on a cluster of this machine and kills one of its workers half-way.

    python -m tests.fleet.kills MANIFEST RESULTS [--workers N] [--interrupt]

What it writes is the joined result, which must be that of a run in which nobody is killed. With
`--interrupt` it is Ctrl-C that comes half-way, to all processes as in a terminal.
"""

import argparse
import os
import signal
import sys
from pathlib import Path

import psutil

from wsconsolidate.fleet.manifest import read_manifest
from wsconsolidate.fleet.report import to_json
from wsconsolidate.fleet.run import Order, run
from wsconsolidate.reporters.options import Options


def workers() -> list[psutil.Process]:
    """The worker processes of the local cluster, which this process has spawned."""
    return [one for one in psutil.Process().children() if "spawn_main" in " ".join(one.cmdline())]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("results", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--interrupt", action="store_true")
    given = parser.parse_args()
    killed: list[int] = []

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "repositories" and done >= total // 2 and not killed:
            victim = workers()[0]
            killed.append(victim.pid)
            if given.interrupt:
                os.killpg(0, signal.SIGINT)
            victim.kill()
            sys.stderr.write(f"killed worker {victim.pid} at {done} of {total}\n")

    order = Order(
        scheduler=None,
        workers=given.workers,
        seconds=600,
        memory=4 * 2**30,
        results=given.results,
        top=20,
    )
    text = given.manifest.read_text()
    outcome = run(read_manifest(text, "manifest", given.manifest.absolute().parent), order, progress)
    sys.stdout.write(to_json(outcome.fleet, Options()))
    assert killed


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
