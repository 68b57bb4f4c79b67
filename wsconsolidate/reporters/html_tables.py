"""Texts and steps of ways that occur again and again in a page: each told once, and named by its number."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from wsconsolidate.model.event import Hop
from wsconsolidate.reporters.shape import Json
from wsconsolidate.reporters.spoken import printable


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts so far, in the order of their numbers."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, text: str | None) -> int:
        """What stands for a text; -1 for None."""
        return -1 if text is None else self.numbers.setdefault(printable(text), len(self.numbers))

    def all(self, texts: Iterable[str]) -> list[Json]:
        """What stands for several texts."""
        return [self.number(text) for text in texts]


@dataclass(frozen=True, slots=True)
class Hops:
    """The steps so far, in the order of their numbers."""

    texts: Texts
    numbers: dict[Hop, int] = field(default_factory=dict)

    def all(self, hops: Iterable[Hop]) -> list[Json]:
        """What stands for several steps."""
        return [self.numbers.setdefault(hop, len(self.numbers)) for hop in hops]

    def rows(self) -> list[Json]:
        """Symbol, path and line of every step."""
        return [
            [self.texts.number(hop.symbol), self.texts.number(hop.path), hop.line] for hop in self.numbers
        ]
