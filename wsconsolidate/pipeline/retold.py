"""Whether what was told of a tree may be told again after some of its files changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import pairwise

from wsconsolidate.config import Config
from wsconsolidate.extract.extract import extract
from wsconsolidate.kept_facts import dumped, loaded
from wsconsolidate.model.facts import MODULE_SCOPE, FileFacts
from wsconsolidate.model.search import Search
from wsconsolidate.model.source import SourceFile, Tree
from wsconsolidate.pipeline.far import Needs
from wsconsolidate.pipeline.relevance import matters, names_event, reads_all
from wsconsolidate.pipeline.trace import Prints, Trace, answer, filled
from wsconsolidate.report.figures import line_counts
from wsconsolidate.store import Store

_LINES = frozenset(("line", "end_line", "parent"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Retold:
    """A tree as it is now, with what is needed to ask about it what was asked then."""

    tree: Tree
    config: Config
    prints: Prints
    whole: bool | None
    store: Store

    def text(self, trace: Trace) -> str | None:
        """The text for this tree, if everything that it hangs on is as it was; else None.

        The paths of the files and their modules are those of then, as the key of the trace has them.
        """
        changed = [file for file in self.tree.files if self.prints[file.path] != trace.prints[file.path]]
        asked = _Asked(trace, self)
        if reads_all(self.tree, self.config, self.whole) is not trace.whole:
            return None
        if not all(map(asked.holds_for, changed)):
            return None
        marks, then = trace.of_then
        now = line_counts(self.tree, frozenset(trace.unread))
        fits = all(
            new == old or (mark != old and new > 1 and len(str(new)) == len(str(old)))
            for new, old, mark in zip(now, then, marks, strict=True)
        )
        return filled(trace.text, marks, now) if fits else None


class _Asked:
    """The questions of a trace, to be asked of files that changed."""

    def __init__(self, trace: Trace, today: Retold) -> None:
        self._trace = trace
        self._today = today
        self._near, self._read = frozenset(trace.near), frozenset(trace.read)
        self._silent = frozenset(trace.silent)
        self._telling, self._opened = frozenset(trace.telling), frozenset(trace.opened)
        self._needs = Needs(**trace.needs)  # type: ignore[arg-type]  # made of the same class
        self._searches = [
            (Search(pattern=_data(pattern), words=tuple(map(_data, words)), places=places), answers)
            for pattern, words, places, answers in trace.searches
        ]

    def holds_for(self, file: SourceFile) -> bool:
        """True if a file that changed gives every answer that it gave."""
        return (
            file.path not in self._opened
            and self._matters_alike(file)
            and (file.path in self._near or self._needs.hold_for(file))
            and all(self._found_alike(file, asked, answers) for asked, answers in self._searches)
            and (file.path not in self._read or self._says_the_same(file))
        )

    def _matters_alike(self, file: SourceFile) -> bool:
        near, config = file.path in self._near, self._today.config
        tells = near and names_event(file.data, config.vocabulary)
        return tells is (file.path in self._telling) and (
            self._trace.whole or bool(matters((file,), config)) is near
        )

    def _found_alike(self, file: SourceFile, asked: Search, answers: Mapping[str, str]) -> bool:
        hits = asked.of(file.data)
        return answers.get(file.path) == (answer(hits) if hits else None)

    def _says_the_same(self, file: SourceFile) -> bool:
        """True if the facts are those of then, byte for byte; of how many lines there are no stage asks.

        Where no line is told things may have moved: stages only ask what stands before what.
        """
        key = self._trace.prints[file.path]
        kept = self._today.store.get([key]).get(key)
        before = loaded(kept) if kept is not None else None
        after = extract(file.path, file.data, bodies=True)
        if isinstance(before, FileFacts) and isinstance(after, FileFacts):
            same = dumped(replace(after, lines=before.lines)) == kept
            return same or (file.path in self._silent and moved(before, after))
        return False


def moved(before: FileFacts, after: FileFacts) -> bool:
    """True if both say the same, in the same order, only on other lines."""
    lines = {MODULE_SCOPE: MODULE_SCOPE}
    pending: list[tuple[object, object]] = [(before, replace(after, lines=before.lines))]
    while pending:
        one, other = pending.pop()
        if type(one) is not type(other):
            return False
        if isinstance(one, tuple) and isinstance(other, tuple):
            if len(one) != len(other):
                return False
            pending.extend(zip(one, other, strict=True))
        elif is_dataclass(one):
            pending.extend(_parts(one, other, lines))
        elif repr(one) != repr(other):
            return False
    return all(now < then for (_, now), (_, then) in pairwise(sorted(lines.items())))


def _parts(one: object, other: object, lines: dict[int, int]) -> Iterator[tuple[object, object]]:
    """The fields of two facts; a line of the one is told by that of the other that stands for it."""
    for field in fields(one):  # type: ignore[arg-type]  # it is a dataclass
        here, there = getattr(one, field.name), getattr(other, field.name)
        if field.name in _LINES and isinstance(here, int) and isinstance(there, int):
            yield lines.setdefault(here, there), there
        else:
            yield here, there


def _data(text: str) -> bytes:
    return text.encode("latin-1")
