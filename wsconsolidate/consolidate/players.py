"""The classes with a role: what they do for the events, and which of them stay."""

from collections.abc import Mapping
from dataclasses import dataclass

from wsconsolidate.model.analysis import Truth
from wsconsolidate.model.event import Coverage
from wsconsolidate.model.program import ClassId, Program
from wsconsolidate.model.role import Cast, Role


@dataclass(frozen=True, slots=True)
class Players:
    """Everything by which the classes of a program are compared; `truths` are those that stay."""

    program: Program
    casts: Mapping[ClassId, Cast]
    coverage: Mapping[ClassId, Mapping[str, Coverage]]
    truths: Mapping[Role, Truth]
