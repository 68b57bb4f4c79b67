"""`python -m tests.benchmarks.peers [--users 200] [PEER ...]` prints the table of docs/runtime.md.

The figure that counts on a shared machine is events for each second of the servers' own CPU time; peers
take turns, and the median of the turns is printed. Each figure is explained there.
"""

import argparse
import json
import os
import resource
import sys
from math import isinf
from statistics import median

from .broker import broker
from .peer import PEERS
from .turn import measure

HEAD = (
    "| peer | events per CPU second (x bare) | {rate:,}/s: p50, p99 ms | flood: p50, p99 ms "
    "| KiB a connection | one deaf client: p99 ms of the others, MiB more "
    "| lost on reconnect | lost with the broker |\n"
    "|---|---|---|---|---|---|---|---|\n"
)


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.peers")
    parser.add_argument("peers", nargs="*", choices=[*PEERS, []], default=[])
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--rate", type=int, default=2000, help="events in a second, for the latencies")
    options = parser.parse_args()
    allow_open_files(options.users + 1000)
    names = options.peers or list(PEERS)
    turns = {name: [] for name in names}
    with broker() as server:
        for number in range(options.turns):
            for name in names:
                figures = measure(PEERS[name], options.users, options.rounds, options.rate, server)
                turns[name].append(figures)
                load = os.getloadavg()[0]
                sys.stderr.write(f"turn {number + 1}, load {load:.0f}: {name} {json.dumps(figures)}\n")
    sys.stdout.write(HEAD.format(rate=options.rate) + table(turns))


def allow_open_files(number):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = number if hard == resource.RLIM_INFINITY else min(number, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def table(turns):
    rows = {
        name: {key: median(each[key] for each in found) for key in found[0]} for name, found in turns.items()
    }
    unit = rows["bare"]["rate"] if "bare" in rows else None
    return "".join(line(PEERS[name].label, row, unit) for name, row in rows.items())


def line(label, row, unit):
    ratio = f" ({row['rate'] / unit:.2f})" if unit else ""
    deaf = "stalled" if isinf(row["deaf_p99"]) else f"{row['deaf_p99']:.1f}"
    lost = f"{row['lost_by_broker']:.0f}" if "lost_by_broker" in row else "-"
    lost += ", told" if row.get("gaps") else ""
    lost += ", hung" if row.get("hung") else ""
    cells = (
        label,
        f"{row['rate']:,.0f}{ratio}",
        f"{row['p50']:.1f}, {row['p99']:.1f}",
        f"{row['full_p50']:.0f}, {row['full_p99']:.0f}",
        f"{row['memory']:.0f}",
        f"{deaf}, {row['deaf_growth']:.1f}",
        f"{row['lost']:.0f}",
        lost,
    )
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    main()
