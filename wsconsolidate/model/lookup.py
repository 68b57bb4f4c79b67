"""What later stages may ask the linker about an expression."""

from typing import Protocol

from wsconsolidate.model.expr import Expr
from wsconsolidate.model.program import FunctionId, ScopeId, Target, Type


class Lookup(Protocol):
    """Answers what an expression stands for, as the linker knows it; answers are computed when asked for."""

    def targets(self, scope: ScopeId, expr: Expr) -> tuple[Target, ...]:
        """What the expression stands for; several where a condition is undecided, none if unknown."""

    def types(self, scope: ScopeId, expr: Expr) -> tuple[Type, ...]:
        """The types its value may have; none if unknown."""

    def functions(self, scope: ScopeId, expr: Expr) -> tuple[FunctionId, ...]:
        """The functions that it may be, also where they were handed over; none if unknown."""

    def choices(self, scope: ScopeId, expr: Expr) -> frozenset[str]:
        """Every string it may be: of a loop over a list, an argument, an f-string; none if one is unknown."""

    def constant(self, scope: ScopeId, expr: Expr) -> str | int | float | bool | None:
        """Its value where it is a literal, a constant or a member of an enum; else None."""
