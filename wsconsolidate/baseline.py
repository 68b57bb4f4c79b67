"""The ratchet: findings that are known by identity and count, so that only new ones fail."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TypeAlias

from wsconsolidate.errors import BaselineError
from wsconsolidate.model.finding import Finding

HEADER = "# wsconsolidate baseline, format 1: rule, count, fingerprint, symbol"
SECTIONS = 64

_FORMAT = re.compile(r"# wsconsolidate baseline, format (\d+)\b.*")
_LINE = re.compile(r"(\S+) ([1-9]\d*) (\S+) (\S.*)")
_CONFLICT = re.compile(r"(<{7}|\|{7}|>{7})( .*)?|={7}")

_PATHS = "# paths: "

_Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Entry:
    """So many findings of one fingerprint in one symbol."""

    code: str
    symbol: str
    fingerprint: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The findings that a baseline does not know, those it does, and what it knows in vain.

    The count of a stale entry is how many of its findings are gone.
    """

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    stale: tuple[Entry, ...]


def record(findings: Iterable[Finding]) -> tuple[Entry, ...]:
    """The baseline that knows exactly these findings."""
    return _merged(_entry(finding) for finding in findings)


def compare(findings: Iterable[Finding], baseline: Iterable[Entry]) -> Comparison:
    """Which findings are new, known and gone; of equal findings the later ones are the new.

    A finding is known by its fingerprint: first in the symbol that the baseline names, then in any
    other, for classes are renamed and moved. Where that is not left, because the class around the
    finding gained or lost members, it is known by the first half of it, which says what is wrong,
    in the same symbol.
    """
    candidates, entries = tuple(findings), tuple(sorted(baseline))
    left = [entry.count for entry in entries]
    known: set[int] = set()
    for key in (_in_its_place, _anywhere, _in_a_changed_class):
        waiting = _indexed(entries, key)
        for index, finding in enumerate(candidates):
            if index not in known and _take(waiting.get(key(_entry(finding)), []), left):
                known.add(index)
    return Comparison(
        new=tuple(finding for index, finding in enumerate(candidates) if index not in known),
        known=tuple(finding for index, finding in enumerate(candidates) if index in known),
        stale=tuple(replace(one, count=rest) for one, rest in zip(entries, left, strict=True) if rest),
    )


def gained(before: Iterable[Entry], after: Iterable[Entry]) -> tuple[Entry, ...]:
    """What a baseline gained from one version to another, each with the number that came."""
    return _entries(_counted(after) - _counted(before))


def _counted(entries: Iterable[Entry]) -> Counter[Entry]:
    return Counter({replace(entry, count=1): entry.count for entry in entries})


def _entries(counted: Counter[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(replace(entry, count=count) for entry, count in counted.items()))


def _entry(finding: Finding) -> Entry:
    symbol = " ".join(finding.symbol.split()) or "-"
    return Entry(code=finding.code, symbol=symbol, fingerprint=finding.fingerprint)


def _in_its_place(entry: Entry) -> _Key:
    return (entry.fingerprint, entry.symbol)


def _anywhere(entry: Entry) -> _Key:
    return (entry.fingerprint,)


def _in_a_changed_class(entry: Entry) -> _Key:
    return (entry.code, entry.symbol, entry.fingerprint.partition("-")[0])


def _indexed(entries: Sequence[Entry], key: Callable[[Entry], _Key]) -> dict[_Key, list[int]]:
    """Where the entries of each key stand, the first one last."""
    found: dict[_Key, list[int]] = {}
    for index in reversed(range(len(entries))):
        found.setdefault(key(entries[index]), []).append(index)
    return found


def _take(waiting: list[int], left: list[int]) -> bool:
    """True if one of the waiting entries had something left; then it has one less."""
    while waiting and not left[waiting[-1]]:
        waiting.pop()
    if waiting:
        left[waiting[-1]] -= 1
    return bool(waiting)


def render(baseline: Iterable[Entry], paths: Iterable[str] = ()) -> str:
    """The text of a baseline file: one entry a line, sorted, so that branches merge.

    `paths` is what was analysed, relative to the root.

    Git cannot merge two lines that were added in one place. So the file has sections, whose heads
    never change, and every entry stands in the one that its hash chooses: entries that are added
    or taken out in two branches nearly always have such a head between them.
    """
    sections: list[list[str]] = [[f"# {number:02}"] for number in range(SECTIONS)]
    for entry in sorted(baseline):
        line = f"{entry.code} {entry.count} {entry.fingerprint} {entry.symbol}"
        sections[_section(entry)].append(line)
    head = (HEADER, f"{_PATHS}{json.dumps(sorted(paths), ensure_ascii=False)}")
    return "\n".join((*head, *(line for section in sections for line in section), ""))


def covers(paths: Iterable[str], text: str) -> bool:
    """True if these paths hold all that the baseline was made from, so that stale entries can be told."""
    line = next((line for line in text.splitlines() if line.startswith(_PATHS)), f"{_PATHS}[]")
    try:
        recorded = json.loads(line.removeprefix(_PATHS))
    except ValueError:
        return True
    there = map(str, recorded) if isinstance(recorded, list) else ()
    here = [PurePosixPath(path) for path in paths]
    return all(any(PurePosixPath(one).is_relative_to(path) for path in here) for one in there)


def _section(entry: Entry) -> int:
    return hashlib.sha256(f"{entry.fingerprint} {entry.symbol}".encode()).digest()[0] % SECTIONS


def parse(text: str, path: str) -> tuple[Entry, ...]:
    """The entries of a baseline file; `path` only names it in an error.

    Raises:
        BaselineError: the text is no baseline, of another format, damaged or holds a merge conflict.
    """
    header, *lines = text.splitlines() or [""]
    numbered = [(number, line) for number, line in enumerate(lines, start=2) if line.strip()]
    for number, line in [(1, header), *numbered]:
        if _CONFLICT.fullmatch(line):
            raise BaselineError(path, number, "an unresolved merge conflict")
    found = _FORMAT.fullmatch(header)
    if found is None:
        raise BaselineError(path, 1, "not the first line of a baseline")
    if found[1] != "1":
        raise BaselineError(path, 1, f"format {found[1]}, this version reads format 1")
    return _merged(_parsed(path, number, line) for number, line in numbered if not line.startswith("#"))


def _parsed(path: str, number: int, line: str) -> Entry:
    match = _LINE.fullmatch(line.rstrip())
    if match is None:
        raise BaselineError(path, number, f"not an entry: {line!r}")
    return Entry(code=match[1], count=int(match[2]), fingerprint=match[3], symbol=match[4])


def _merged(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """One entry for each fingerprint in a symbol, counts added up: two branches may have added the same."""
    counted: Counter[Entry] = Counter()
    for entry in entries:
        counted[replace(entry, count=1)] += entry.count
    return _entries(counted)
