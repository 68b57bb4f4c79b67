"""The consolidation report as data: sections made of blocks, which a reporter only renders."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Applicability, Finding


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
class Summary:
    """The figures of the JSON document's summary; `completion` is between 0 and 1."""

    files: int
    lines: int
    classes: int
    roles: tuple[tuple[str, int], ...]
    findings: tuple[tuple[str, int], ...]
    completion: float
    duplicates: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """An analysis with its findings, figures, actions and sections."""

    analysis: Analysis = field(repr=False)
    findings: tuple[Finding, ...]
    summary: Summary
    actions: tuple[Action, ...]
    sections: tuple[Section, ...]
