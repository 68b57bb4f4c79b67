"""Measures fleets of growing size, and that a killed worker changes nothing.

    python -m tests.benchmarks.fleet FOLDER... [--counts 50 100 200] [--workers 2]

FOLDERs hold archives: sdists, wheels, zips; of all of them, in order of name, as many are taken as are
to be measured, evenly. Each size is run twice, the second time with all kept; the largest a third time,
with one of two workers killed half-way. Bytes are those of the loopback interface: run it alone in a
network of its own (`unshare -rn sh -c "ip link set lo up; python -m tests.benchmarks.fleet ..."`).
"""

import argparse
import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from wsconsolidate.fleet.manifest import ARCHIVES

EVERY = 0.2
MB = 1e6
COLUMNS = (
    "Repositories", "Archives MB", "Run", "Wall s", "CPU s", "Client MB", "Worker MB", "Child MB", "Moved KB",
    "Kept KB", "Report KB",
)  # fmt: skip


@dataclass
class Peak:
    """The most memory that the client, a worker and a child were seen to hold."""

    client: int = 0
    worker: int = 0
    child: int = 0

    def look(self, client: psutil.Process) -> None:
        self.client = max(self.client, client.memory_info().rss)
        for worker in client.children():
            self.worker = max(self.worker, worker.memory_info().rss)
            for child in worker.children():
                self.child = max(self.child, child.memory_info().rss)


def watch(process: subprocess.Popen, peak: Peak) -> None:
    client = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            peak.look(client)
        except psutil.Error:
            continue
        finally:
            time.sleep(EVERY)


def measured(
    module: str, manifest: Path, results: Path, options: list[str]
) -> tuple[dict[str, float], bytes]:
    command = [sys.executable, "-m", *module.split(), str(manifest), *options]
    moved = psutil.net_io_counters(pernic=True)["lo"].bytes_sent
    cpu = used()
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    peak = Peak()
    watching = threading.Thread(target=watch, args=(process, peak))
    watching.start()
    joined, errors = process.communicate()
    watching.join()
    wall = time.perf_counter() - started
    if process.returncode not in (0, 1):
        raise SystemExit(errors.decode())
    sys.stderr.write(errors.decode())
    kept = (results / "results.jsonl").stat().st_size
    return {
        "Wall s": wall,
        "CPU s": used() - cpu,
        "Client MB": peak.client / MB,
        "Worker MB": peak.worker / MB,
        "Child MB": peak.child / MB,
        "Moved KB": (psutil.net_io_counters(pernic=True)["lo"].bytes_sent - moved) / 1e3,
        "Kept KB": kept / 1e3,
        "Report KB": len(joined) / 1e3,
    }, joined + (results / "results.jsonl").read_bytes()


def used() -> float:
    """Seconds of processors that the children which have ended took; that of a killed worker is lost."""
    times = psutil.Process().cpu_times()
    return times.children_user + times.children_system


def chosen(folders: list[Path], count: int, largest: float) -> list[Path]:
    archives = sorted(
        path
        for folder in folders
        for path in folder.iterdir()
        if path.name.lower().endswith(ARCHIVES) and path.stat().st_size < largest * MB
    )
    if len(archives) < count:
        raise SystemExit(f"only {len(archives)} archives: name more folders")
    return [archives[index * len(archives) // count] for index in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--counts", type=int, nargs="+", default=[50, 100, 200])
    parser.add_argument("--workers", default="2")
    parser.add_argument("--largest", type=float, default=5.0, help="MB of the largest archive that is taken")
    given = parser.parse_args()
    say("| " + " | ".join(COLUMNS) + " |\n|" + " --- |" * len(COLUMNS))
    with TemporaryDirectory() as folder:
        for count in given.counts:
            archives = chosen(given.folders, count, given.largest)
            manifest = Path(folder, f"fleet-{count}.txt")
            manifest.write_text("".join(f"{path.name} = {path.absolute()}\n" for path in archives))
            size = sum(path.stat().st_size for path in archives) / MB
            results = Path(folder, f"{count}.results")
            options = ["--results", str(results), "--workers", given.workers, "--format", "json"]
            first, answer = measured("wsconsolidate fleet", manifest, results, options)
            again, same = measured("wsconsolidate fleet", manifest, results, options)
            show(count, size, "cold", first)
            show(count, size, "all kept", again)
            assert answer == same
        results = Path(folder, "killed.results")
        options = [str(results), "--workers", given.workers]
        killed, other = measured("tests.fleet.kills", manifest, results, options)
        show(count, size, "one killed", killed)
        totals = json.loads(answer[: answer.index(b'\n{"format"')])["totals"]
        verdict = "the same" if other == answer else "ANOTHER"
        say(f"\nThe result with a worker killed is {verdict}: {totals}")


def show(count: int, size: float, kind: str, found: dict[str, float]) -> None:
    numbers = (f"{found[column]:,.0f}" for column in COLUMNS[3:])
    say(f"| {count} | {size:,.0f} | {kind} | " + " | ".join(numbers) + " |")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
