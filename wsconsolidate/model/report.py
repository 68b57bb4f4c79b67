"""The consolidation report as data: sections made of blocks, which a reporter only renders."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.event import RuntimeEvent
from wsconsolidate.model.finding import Applicability, Finding
from wsconsolidate.model.program import Class
from wsconsolidate.model.rule import Rule
from wsconsolidate.model.source import Problem


@dataclass(frozen=True, slots=True)
class Place:
    """A file and line that proves a statement."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or more sentences."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a list; `done` is None where nothing is ticked, `places` are its evidence."""

    text: str
    done: bool | None = None
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of items."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row is as long as `columns`."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Preformatted text; `language` is mermaid, python or text."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Lines of the analysed code, quoted with their numbers."""

    path: str
    lines: tuple[tuple[int, str], ...]


Block: TypeAlias = Heading | Paragraph | Listing | Table | Code | Quote


@dataclass(frozen=True, slots=True)
class Section:
    """One section; `name` is its key in the JSON document."""

    name: str
    title: str
    blocks: tuple[Block, ...]


class Priority(StrEnum):
    """How soon an action is due."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something to do or already done; `rule` is None for a check that no rule makes."""

    priority: Priority
    title: str
    done: bool
    rule: str | None
    fix: Applicability
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much was read, and how many classes play each role."""

    files: int
    lines: int
    classes: int
    roles: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The figures of the JSON document's summary; `completion` is between 0 and 1.

    Tests are counted apart, in `tests`, and not in `read`. `done` and `open` count the actions of
    high and medium priority.
    """

    read: Counts
    tests: Counts
    findings: tuple[tuple[str, int], ...]
    done: int
    open: int
    completion: float
    duplicates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """What was not seen: files, classes whose MRO is not exact, events chosen at run time.

    `files_ruled_out` counts the files that were not parsed: by their bytes they have nothing to do with
    sockets or events, and nothing that has leads to them.
    """

    files_ruled_out: int
    files_not_read: tuple[Problem, ...]
    inexact_mros: tuple[Class, ...]
    runtime_events: tuple[RuntimeEvent, ...]

    @property
    def complete(self) -> bool:
        """True when nothing was left unseen."""
        return not (self.files_not_read or self.inexact_mros or self.runtime_events)


@dataclass(frozen=True, kw_only=True)
class Report:
    """An analysis with its findings, figures, actions and sections; `rules` are those that were asked.

    `headline` says in one sentence how the events fare, `risk` what may happen.
    """

    analysis: Analysis = field(repr=False)
    rules: tuple[Rule, ...] = field(repr=False)
    findings: tuple[Finding, ...]
    summary: Summary
    completeness: Completeness
    actions: tuple[Action, ...]
    headline: str
    risk: str
    sections: tuple[Section, ...]
