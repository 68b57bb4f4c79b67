"""Questions about the bytes of files, kept with their answers: what a result hangs on, besides facts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


class Hit(NamedTuple):
    """Where a pattern was found: the line, and what its groups matched."""

    line: int
    groups: tuple[bytes, ...]


Hits = dict[str, tuple[Hit, ...]]
"""The hits in each file that has one, by its path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A pattern that is looked for in the files that hold one of the words, in all if there is none.

    Without `places` it matters only whether a file has it: there is one hit at most, in line 0.
    """

    pattern: bytes
    words: tuple[bytes, ...] = ()
    places: bool = True

    def of(self, data: bytes) -> tuple[Hit, ...]:
        """The hits in these bytes, in order."""
        if self.words and not any(word in data for word in self.words):
            return ()
        if not self.places:
            return (Hit(0, ()),) if re.search(self.pattern, data, re.MULTILINE) else ()
        return tuple(
            Hit(data.count(b"\n", 0, found.start()) + 1, found.groups(b""))
            for found in re.finditer(self.pattern, data, re.MULTILINE)
        )


def whether(words: Iterable[str]) -> Search:
    """The question which files hold one of these words, or a part of a longer one."""
    named = tuple(word.encode() for word in words)
    return Search(pattern=b"", words=named, places=False)


@dataclass(slots=True)
class Looked:
    """What was asked about the bytes of a tree's files after they were read.

    `opened` are the paths of which more was looked at than a search tells, `contents` the bytes of all.
    """

    searches: dict[Search, Hits] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    contents: dict[str, bytes] = field(default_factory=dict)
