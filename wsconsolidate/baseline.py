"""The ratchet: findings that are known by identity and count, so that only new ones fail."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from wsconsolidate.errors import BaselineError
from wsconsolidate.model.finding import Finding

HEADER = "# wsconsolidate baseline, format 1: rule, count, fingerprint, symbol"

_FORMAT = re.compile(r"# wsconsolidate baseline, format (\d+)\b.*")
_LINE = re.compile(r"(\S+) ([1-9]\d*) (\S+) (\S.*)")
_CONFLICT = re.compile(r"(<{7}|\|{7}|>{7})( .*)?|={7}")


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Entry:
    """So many findings of one fingerprint; `symbol` is that of the first."""

    code: str
    symbol: str
    fingerprint: str
    count: int


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
    return _merged(
        Entry(
            code=finding.code,
            symbol=_symbol(finding),
            fingerprint=finding.fingerprint,
            count=1,
        )
        for finding in findings
    )


def compare(findings: Iterable[Finding], baseline: Iterable[Entry]) -> Comparison:
    """Which findings are new, known and gone; of equal findings the later ones are the new.

    A finding is known by its fingerprint. Where that is not left, because the class around the
    finding gained or lost members, it is known by the first half of it, which says what is wrong,
    in the same symbol.
    """
    entries, candidates = tuple(baseline), tuple(findings)
    left = Counter({entry.fingerprint: entry.count for entry in entries})
    known = {index for index, finding in enumerate(candidates) if _take(left, finding.fingerprint)}
    for index, finding in enumerate(candidates):
        if index not in known and any(_take(left, one) for one in _changed(finding, entries)):
            known.add(index)
    stale = (replace(entry, count=left[entry.fingerprint]) for entry in entries)
    return Comparison(
        new=tuple(finding for index, finding in enumerate(candidates) if index not in known),
        known=tuple(finding for index, finding in enumerate(candidates) if index in known),
        stale=tuple(entry for entry in stale if entry.count > 0),
    )


def _take(left: Counter[str], fingerprint: str) -> bool:
    """True if the fingerprint was left; then there is one less."""
    there = left[fingerprint] > 0
    left[fingerprint] -= there
    return there


def _changed(finding: Finding, entries: Iterable[Entry]) -> Iterator[str]:
    """The fingerprints that the finding may have had when its class had other members."""
    for entry in entries:
        same = entry.code == finding.code and entry.symbol == _symbol(finding)
        if same and _what(entry.fingerprint) == _what(finding.fingerprint):
            yield entry.fingerprint


def _what(fingerprint: str) -> str:
    return fingerprint.partition("-")[0]


def _symbol(finding: Finding) -> str:
    return " ".join(finding.symbol.split()) or "-"


def render(baseline: Iterable[Entry]) -> str:
    """The text of a baseline file: one entry a line, sorted, so that branches merge."""
    lines = (f"{entry.code} {entry.count} {entry.fingerprint} {entry.symbol}" for entry in sorted(baseline))
    return "\n".join((HEADER, *lines, ""))


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
    return _merged(_parsed(path, number, line) for number, line in numbered)


def _parsed(path: str, number: int, line: str) -> Entry:
    match = _LINE.fullmatch(line.rstrip())
    if match is None:
        raise BaselineError(path, number, f"not an entry: {line!r}")
    return Entry(code=match[1], count=int(match[2]), fingerprint=match[3], symbol=match[4])


def _merged(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """One entry for each fingerprint, counts added up: two branches may have added the same."""
    found: dict[str, Entry] = {}
    for entry in entries:
        first = found.get(entry.fingerprint)
        found[entry.fingerprint] = replace(first, count=first.count + entry.count) if first else entry
    return tuple(sorted(found.values()))
