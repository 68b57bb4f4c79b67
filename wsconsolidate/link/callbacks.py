"""The functions that an attribute, a parameter or a container may hold: handed over and called later."""

from wsconsolidate.link.origins import Made, Origins, SendOf
from wsconsolidate.model.expr import Expr
from wsconsolidate.model.program import FunctionId, ScopeId

_MOST = 8


class Callbacks:
    """Tells which functions an expression stands for, as far as its value is followed."""

    def __init__(self, origins: Origins) -> None:
        self._origins = origins

    def of(self, scope: ScopeId, expr: Expr) -> tuple[FunctionId, ...]:
        """The functions that the expression may be; none if nothing is known or too many are."""
        found = tuple(one for one in self._origins.of(scope, expr) if isinstance(one, FunctionId))
        return found if len(found) <= _MOST else ()

    def writes(self, scope: ScopeId, expr: Expr) -> bool:
        """True if calling the expression may write to a live socket: it was `websocket.send_json`."""
        return any(isinstance(one, SendOf) for one in self._origins.of(scope, expr))

    def is_opened(self, scope: ScopeId, expr: Expr) -> bool:
        """True for what a call named after connecting gave, wherever it was kept since: a client's socket."""
        made = (one for one in self._origins.of(scope, expr) if isinstance(one, Made))
        return any("connect" in one.maker.rpartition(".")[2] for one in made)
