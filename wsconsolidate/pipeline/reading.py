"""Reads the facts of files: from the store where they are kept, else with every core."""

import gc
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from wsconsolidate.extract.extract import extract
from wsconsolidate.kept_facts import dumped, loaded
from wsconsolidate.model.facts import FileFacts
from wsconsolidate.model.source import Problem, ProblemKind, SourceFile
from wsconsolidate.pipeline.far import Far
from wsconsolidate.store import Store, facts_key

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

_WORTH_PROCESSES = 1_000_000
"""Below this many bytes one process is done before others have started."""
DEEPEST = 4_000
"""How deep calls may go in what reads and links; the stack of a process holds twice as many."""
_CHUNK = 250_000
_AT_ONCE = 200
_MOST_WAITING = 4_000_000
"""So many bytes of fresh facts wait for the store; those of a large tree would be a tenth of the memory."""
Sized = tuple[str, bytes]


class Reader:
    """An `extract` that remembers, keeps what it read in the store, and may share the work.

    Facts are a pure function of the bytes, so that these are the key, with the extractor's own source.
    `asked` notes for each module of the environment that was asked for the digest of its source, `far` the
    files that the last analysis left for later, with what it asked about them.
    """

    def __init__(self, store: Store | None = None, jobs: int = 1) -> None:
        self._store = store
        self._jobs = jobs
        self.asked: dict[str, str] = {}
        self.far = Far((), (), self)
        self._known: dict[str, FileFacts | Problem] = {}
        self._fresh: list[tuple[str, bytes]] = []
        self._waiting = 0

    def __call__(self, path: str, data: bytes, *, bodies: bool) -> FileFacts | Problem:
        """The facts of the file, or why it has none."""
        key = facts_key(data, bodies=bodies)
        if key not in self._known:
            kept = self._store.get([key]) if self._store else {}
            found = loaded(kept[key]) if key in kept else None
            self._known[key] = found or self._keep(key, extract(path, data, bodies=bodies))
        return _named(self._known[key], path)

    def ahead(self, files: Sequence[SourceFile]) -> None:
        """Read these, with the bodies of their functions, before anybody asks."""
        keys = {file.path: facts_key(file.data, bodies=True) for file in files}
        waiting = [file for file in files if keys[file.path] not in self._known]
        for start in range(0, len(waiting) if self._store else 0, _AT_ONCE):
            self._load(keys[file.path] for file in waiting[start : start + _AT_ONCE])
        missing = [file for file in waiting if keys[file.path] not in self._known]
        if self._jobs > 1 and sum(len(file.data) for file in missing) > _WORTH_PROCESSES:
            for file, form in zip(missing, _shared(missing, self._jobs), strict=True):
                found = loaded(form)
                if found is not None:
                    self._known[keys[file.path]] = found
                    self._put(keys[file.path], form)

    def flush(self) -> None:
        """Keep what was read since, for the next run."""
        if self._store is not None:
            self._store.put(self._fresh)
        self._fresh, self._waiting = [], 0

    def _load(self, keys: Iterable[str]) -> None:
        for key, form in self._store.get(keys).items() if self._store else ():
            found = loaded(form)
            if found is not None:
                self._known[key] = found

    def _keep(self, key: str, found: FileFacts | Problem) -> FileFacts | Problem:
        if self._store is not None:
            self._put(key, dumped(found))
        return found

    def _put(self, key: str, form: bytes) -> None:
        self._fresh.append((key, form))
        self._waiting += len(form)
        if self._waiting > _MOST_WAITING:
            self.flush()


def _named(found: FileFacts | Problem, path: str) -> FileFacts | Problem:
    """Facts know no path; a problem of the same bytes may have been met elsewhere."""
    return replace(found, path=path) if isinstance(found, Problem) and found.path != path else found


def _shared(files: Sequence[SourceFile], jobs: int) -> Iterator[bytes]:
    """The facts of each file as bytes, read by several processes; a file that ends one is a problem."""
    from concurrent.futures.process import BrokenProcessPool

    chunks = list(_chunks(files))
    with _workers(min(jobs, len(chunks))) as pool:
        promised = [pool.submit(_read_all, chunk) for chunk in chunks]
        for chunk, promise in zip(chunks, promised, strict=True):
            try:
                yield from promise.result()
            except BrokenProcessPool:
                yield from map(_alone, chunk)


def _workers(jobs: int) -> "ProcessPoolExecutor":
    """Processes that begin afresh, so that nothing of this one has to be fit for copying."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """Facts hold no cycles: a collector would only go through them again and again."""
    sys.setrecursionlimit(DEEPEST)
    gc.disable()
    gc.freeze()


def _chunks(files: Sequence[SourceFile]) -> Iterator[list[Sized]]:
    """The files in order, in portions of about as many bytes."""
    chunk: list[Sized] = []
    for file in files:
        chunk.append((file.path, file.data))
        if sum(len(data) for _, data in chunk) > _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _read_all(chunk: list[Sized]) -> list[bytes]:
    return [dumped(extract(path, data, bodies=True)) for path, data in chunk]


def _alone(file: Sized) -> bytes:
    """The facts of one file, read by a process of its own."""
    from concurrent.futures.process import BrokenProcessPool

    with _workers(1) as pool:
        try:
            return pool.submit(_read_all, [file]).result()[0]
        except BrokenProcessPool:
            message = "the parser does not survive it"
            return dumped(Problem(path=file[0], line=1, kind=ProblemKind.TOO_DEEP, message=message))
