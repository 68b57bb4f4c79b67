"""Lines of the analysed code that a report shows beside its statements, and duplicates laid side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wsconsolidate.model.program import ClassId
from wsconsolidate.model.report import Quote


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines of one class and the lines of another that stand beside them; `same` where they are equal.

    Lines are numbers in the file, ends exclusive; one of the sides may be empty.
    """

    same: bool
    left: tuple[int, int]
    right: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A class that stays beside a duplicate of it: the whole of both, stretch by stretch."""

    group: int
    left: ClassId
    right: ClassId
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibits:
    """What is shown: `quotes` by path, each line once; `left_out` classes are shown without their code."""

    quotes: Mapping[str, Quote] = field(default_factory=dict)
    comparisons: tuple[Comparison, ...] = ()
    left_out: int = 0
    not_compared: int = 0
