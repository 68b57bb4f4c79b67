"""The handlers that are given to a server of WebSockets, which calls each with a live socket."""

from collections.abc import Iterator, Mapping
from itertools import chain

from wsconsolidate.link.callbacks import Callbacks
from wsconsolidate.model.expr import Expr
from wsconsolidate.model.facts import FunctionFacts
from wsconsolidate.model.program import Edge, Function, FunctionId, ScopeId, Type

_SERVING = {
    "websockets.serve": "websockets.ServerConnection",
    "websockets.unix_serve": "websockets.ServerConnection",
    "websockets.server.serve": "websockets.ServerConnection",
    "websockets.asyncio.server.serve": "websockets.ServerConnection",
    "websockets.legacy.server.serve": "websockets.ServerConnection",
    "websockets.sync.server.serve": "websockets.ServerConnection",
    "websockets.trio.server.serve": "websockets.ServerConnection",
    "eventlet.websocket.WebSocketWSGI": "eventlet.websocket.WebSocket",
}
"""What starts a server, and the socket that it hands to its handler as the first argument."""


def handed_sockets(
    edges: Mapping[ScopeId, tuple[Edge, ...]], functions: Mapping[ScopeId, Function], callbacks: Callbacks
) -> dict[tuple[FunctionId, str], Type]:
    """The sockets that servers hand to their handlers, by function and parameter."""
    found: dict[tuple[FunctionId, str], Type] = {}
    for edge in chain.from_iterable(edges.values()):
        for handler in _handlers(edge) if edge.outside in _SERVING else ():
            for id in callbacks.of(edge.scope, handler):
                function = functions.get(id)
                name = _first(function.facts, bound=function.owner is not None) if function else None
                if name is not None:
                    found[(id, name)] = Type(_SERVING[edge.outside or ""])
    return found


def _handlers(edge: Edge) -> Iterator[Expr]:
    yield from edge.call.args[:1]
    yield from (value for name, value in edge.call.keywords if name in ("handler", "ws_handler"))


def _first(facts: FunctionFacts, *, bound: bool) -> str | None:
    names = [parameter.name for parameter in facts.parameters][1 if bound else 0 :]
    return names[0] if names else None
