"""From a manifest to the joined result: every step of a fleet's run, in order."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wsconsolidate.fleet import store
from wsconsolidate.fleet.cluster import connected, spread
from wsconsolidate.fleet.join import Fleet, join
from wsconsolidate.fleet.manifest import Repository
from wsconsolidate.fleet.record import Record, from_line
from wsconsolidate.fleet.request import Request
from wsconsolidate.fleet.store import Store

if TYPE_CHECKING:
    from wsconsolidate.pipeline.analyze import Progress

LINES = "results.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How to run: where, within which limits a repository, and how many rows a table may have.

    `seconds` are on the clock, `memory` is in bytes; both hold for one repository.
    """

    scheduler: str | None
    workers: int
    seconds: float
    memory: int
    results: Path
    top: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The joined result, and how many repositories were as the last run had kept them."""

    fleet: Fleet
    unchanged: int


def run(repositories: tuple[Repository, ...], order: Order, progress: "Progress") -> Outcome:
    """Analyse what is new or changed, keep it, and join all; also written as `results.jsonl`.

    Raises:
        UsageError: there is no scheduler, or the results cannot be kept.
    """
    with store.opened(order.results) as kept:
        unchanged = _examine(repositories, order, kept, progress)
        progress("joining", 0, 0)
        names = [repository.name for repository in repositories]
        return Outcome(join(_written(kept.lines(names), order.results / LINES), order.top), unchanged)


def _examine(repositories: tuple[Repository, ...], order: Order, kept: Store, progress: "Progress") -> int:
    """How many were unchanged."""
    done = unchanged = 0

    def on_answer(line: str | None) -> None:
        nonlocal done, unchanged
        if line is None:
            unchanged += 1
        else:
            told = from_line(line)
            kept.keep(told.repository, told.key if isinstance(told, Record) else None, line)
        done += 1
        progress("repositories", done, len(repositories))

    progress("starting workers", 0, 0)
    with connected(order.scheduler, order.workers) as client:
        progress("repositories", 0, len(repositories))
        spread(client, _requests(repositories, order, kept), on_answer)
    return unchanged


def _requests(repositories: Iterable[Repository], order: Order, kept: Store) -> Iterator[Request]:
    for repository in repositories:
        yield Request(
            repository=repository,
            kept=kept.key(repository.name),
            seconds=order.seconds,
            memory=order.memory,
        )


def _written(lines: Iterable[str], path: Path) -> Iterator[str]:
    """The lines, which are also written to the file in one step when the last was read."""
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            file.write(f"{line}\n")
            yield line
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
