"""Kills real processes in the midst of writing, undoing and recovering, and looks at what is left.

    python -m tests.apply.kills [--all | --sample N] [--chance RUNS] [--seed N]

Each process is forked, so that a kill costs milliseconds. Killed a second time is the recovery from a
kill, and the putting back after a failed operation. Without `--all`, N of these are tried for each act.
`--chance` kills that many processes at a random instant.
"""

import argparse
import errno
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from tests.apply.faults import AFTER, AMID, BEFORE, MOMENTS, StruckDisk, moments_of
from tests.apply.trees import (
    apply,
    changed,
    come_back,
    memory,
    project,
    take_back,
    tree,
    write,
)
from wsconsolidate.apply.commit import commit
from wsconsolidate.apply.disk import DISK
from wsconsolidate.apply.recover import recover
from wsconsolidate.errors import ApplyError

DISTINCT = (BEFORE, AMID)  # a kill after an operation leaves the disk as one before the next does


def killed_at(strike_at):
    """A strike that kills its own process."""

    def strike(number, moment):
        if (number, moment) == strike_at:
            os.kill(os.getpid(), signal.SIGKILL)

    return strike


def failed_then_killed_at(fail_at, strike_at):
    """A strike that lets one operation fail, then kills while that is dealt with."""
    kill = killed_at(strike_at)

    def strike(number, moment):
        kill(number, moment)
        if (number, moment) == fail_at:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    return strike


class Workshop:
    """A tree before and after its edits, and copies of both to spoil."""

    def __init__(self, folder):
        self.folder = folder
        self.copies = 0
        self.old = project(folder / "old")
        self.new = self.copy(self.old)
        apply(self.new, DISK)
        self.trees = {"old": tree(self.old), "new": tree(self.new)}
        self.seen = Counter()
        self.faults = []

    def copy(self, source):
        self.copies += 1
        target = self.folder / f"copy-{self.copies}"
        shutil.copytree(source, target, symlinks=True)
        return target

    def operations(self, source, act):
        """The operations that an act makes when nobody disturbs it."""
        disk, root = StruckDisk(), self.copy(source)
        act(root, disk)
        shutil.rmtree(root)
        return disk.calls

    def interrupted(self, source, act, strike):
        """A copy of the tree in which a process that acted was killed; None if it ended before."""
        root = self.copy(source)
        child = os.fork()
        if child == 0:
            end(root, act, StruckDisk(strike))
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            return root
        shutil.rmtree(root)
        return None

    def judge(self, root, what):
        """Recover, and note whether all is old or all is new and can be worked with."""
        recover(root)
        found = next((name for name, wanted in self.trees.items() if tree(root) == wanted), "mixed")
        self.seen[found] += 1
        if found == "mixed" or recover(root) != ():
            self.faults.append((found, *what))
        return found

    def must_work(self, root, found, what):
        """Note it unless an old tree can be written in now, and a new one be taken back."""
        act, other = (apply, "new") if found == "old" else (take_back, "old")
        act(root, DISK)
        if tree(root) != self.trees[other]:
            self.faults.append((f"no way from {found} to {other}", *what))


def end(root, act, disk):
    """Act in a forked process, which ends here whatever happens."""
    try:
        act(root, disk)
    except ApplyError:
        os._exit(1)
    finally:
        os._exit(0)


def kill_everywhere(shop, source, act, moments):
    """Kill an act at these moments of every operation, and after the last."""
    calls = shop.operations(source, act)
    last = (len(calls) - 1, AFTER)
    for number, at in enumerate(dict.fromkeys((*moments_of(calls, moments), last))):
        root = shop.interrupted(source, act, killed_at(at))
        if root is None:
            shop.faults.append(("not killed", act.__name__, at))
            continue
        found = shop.judge(root, (act.__name__, at))
        if found != "mixed" and number % 5 == 0:
            shop.must_work(root, found, (act.__name__, at))
        shutil.rmtree(root)


def kill_recovery(shop, source, act, choose):
    """Kill an act, then its recovery, before, amid and after every operation of both."""
    for at in choose(moments_of(shop.operations(source, act), DISTINCT)):
        wreck = shop.interrupted(source, act, killed_at(at))
        for again in choose(moments_of(shop.operations(wreck, come_back), DISTINCT)):
            root = shop.interrupted(wreck, come_back, killed_at(again))
            shop.judge(root, (act.__name__, at, "recovery", again))
            shutil.rmtree(root)
        shutil.rmtree(wreck)


def kill_after_failure(shop, source, act, choose):
    """Let an operation fail, then kill while the act is being put back."""
    for at in choose(moments_of(shop.operations(source, act))):
        calls = put_back_calls(shop, source, act, at)
        for again in choose([again for again in moments_of(calls, DISTINCT) if again[0] > at[0]]):
            root = shop.interrupted(source, act, failed_then_killed_at(at, again))
            if root is not None:
                shop.judge(root, (act.__name__, "failed at", at, "killed at", again))
                shutil.rmtree(root)


def put_back_calls(shop, source, act, at):
    disk, root = StruckDisk(failed_then_killed_at(at, None)), shop.copy(source)
    try:
        act(root, disk)
    except ApplyError:
        shutil.rmtree(root)
    return disk.calls


def kill_by_chance(shop, runs, generator):
    """Kill a process at a random instant while it writes many files."""
    big = shop.folder / "big"
    write(big, {f"package{n % 7}/module{n}.py": b"x = 1\n" * n for n in range(60)})
    edits = [changed(f"package{n % 7}/module{n}.py", b"x = 1\n" * n, b"y = 2\n" * n) for n in range(1, 60)]
    trees = {"old": tree(big)}
    done = shop.copy(big)
    start = time.perf_counter()
    commit(done, edits)
    span = time.perf_counter() - start
    trees["new"] = tree(done)
    for number in range(runs):
        root = shop.copy(big)
        kill_within(generator.uniform(0, 2 * span), lambda root, disk: commit(root, edits, disk=disk), root)
        recover(root)
        found = next((name for name, wanted in trees.items() if tree(root) == wanted), "mixed")
        shop.seen[found] += 1
        if found == "mixed":
            shop.faults.append((found, "by chance", number))
        shutil.rmtree(root)


def kill_within(seconds, act, root):
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    child = os.fork()
    if child == 0:
        end(root, act, DISK)
    ended = signal.sigtimedwait([signal.SIGCHLD], seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if ended is None:
        signal.sigwait([signal.SIGCHLD])  # its own death must not look like that of the next


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--all", action="store_true")
    options.add_argument("--sample", type=int, default=6)
    options.add_argument("--chance", type=int, default=0)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    generator = random.Random(given.seed)  # noqa: S311 - which sample does not matter

    def choose(moments):
        return moments if given.all else sorted(generator.sample(moments, min(len(moments), given.sample)))

    with memory() as folder:
        shop = Workshop(Path(folder))
        for source, act in ((shop.old, apply), (shop.new, take_back)):
            kill_everywhere(shop, source, act, MOMENTS if given.all else DISTINCT)
            report(f"{act.__name__} killed", shop)
            kill_recovery(shop, source, act, choose)
            report(f"{act.__name__} killed, then its recovery", shop)
            kill_after_failure(shop, source, act, choose)
            report(f"{act.__name__} failed, then killed", shop)
        kill_by_chance(shop, given.chance, generator)
        report("killed by chance", shop)
    return bool(shop.faults)


def report(what, shop):
    """Say what was left by the kills since the last report."""
    print(f"{what}:", *(f"{name}={count}" for name, count in sorted(shop.seen.items())), flush=True)
    for fault in shop.faults:
        print("FAULT", *fault, flush=True)
    shop.seen.clear()


if __name__ == "__main__":
    sys.exit(main())
