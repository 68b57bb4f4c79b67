"""Types told by little, where nothing else tells them: a parameter called `websocket`, a server's handler."""

from collections.abc import Collection, Iterator

from wsconsolidate.link.attributes import Assignment
from wsconsolidate.link.names import Names
from wsconsolidate.link.writing import opens
from wsconsolidate.model.expr import Attribute, Call, Constant, Name, dotted
from wsconsolidate.model.facts import ImportBinding
from wsconsolidate.model.program import ClassId, FunctionId, ScopeId, Type
from wsconsolidate.model.sockets import SOCKET_NAMES, UNTYPED_SOCKET

_CLIENT_NAMES = frozenset(
    ("connect", "ws_connect", "ClientConnection", "ClientSession", "WebSocketApp", "create_connection")
)
_SERVING = ("WebSocketServerFactory", "WebSocketServerProtocol")

Handed = dict[tuple[FunctionId, str], Type]
Guessed = dict[tuple[ClassId, str], Type]


class Hints:
    """Which parameters are taken for live sockets by their names; not where clients are made."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._clients: dict[str, bool] = {}
        self._autobahn: dict[str, bool] = {}
        self._handed: Handed = {}
        self._guessed: Guessed = {}

    def learn(self, handed: Handed, guessed: Guessed) -> bool:
        """Know what servers hand to their handlers, and the types of attributes; True if more of these."""
        more = len(guessed.keys() - self._guessed.keys()) > 0
        self._handed = handed
        self._guessed = {**self._guessed, **guessed}
        return more

    def parameter(self, scope: ScopeId, name: str) -> tuple[Type, ...]:
        """The type of a parameter without annotation and known caller; mostly none."""
        known = self._handed.get((FunctionId(*scope), name))
        if known is not None:
            return (known,)
        if name.lower() not in SOCKET_NAMES or self.makes_clients(scope.path):
            return ()
        return (Type(UNTYPED_SOCKET),)

    def attribute(self, id: ClassId, name: str, assignments: Collection[Assignment]) -> tuple[Type, ...]:
        """The type of an attribute without annotation that holds what was handed in; mostly none."""
        if (id, name) in self._guessed:
            return (self._guessed[id, name],)
        handed_in = bool(assignments) and all(map(self._is_handed_in, assignments))
        if name.lower().lstrip("_") not in SOCKET_NAMES or not handed_in or self.makes_clients(id.path):
            return ()
        return (Type(UNTYPED_SOCKET),)

    def _is_handed_in(self, assignment: Assignment) -> bool:
        """True unless it holds what is made or opened on the spot."""
        match assignment.value:
            case Name(id=name):
                return not any(map(opens, self._names.bindings(assignment.scope, name)))
            case value:
                return isinstance(value, Constant | None)

    def serves_autobahn(self, path: str) -> bool:
        """True for a file that imports what Autobahn makes servers of, whose sockets have `sendMessage`."""
        if path not in self._autobahn:
            self._autobahn[path] = any(
                binding.module.startswith("autobahn.") and (binding.attribute or "").startswith(_SERVING)
                for binding in self._imports(path)
            )
        return self._autobahn[path]

    def _imports(self, path: str) -> Iterator[ImportBinding]:
        for scope in self._names.module_at(path).facts.scopes:
            yield from (one for one in scope.bindings if isinstance(one, ImportBinding))

    def makes_clients(self, path: str) -> bool:
        """True for a file that imports, or calls, what opens connections to servers."""
        if path not in self._clients:
            facts = self._names.module_at(path).facts
            bodies = (one.body for one in facts.functions if one.body is not None)
            calls = (site.call for body in bodies for site in body.calls)
            self._clients[path] = any(map(_imports_client, self._imports(path))) or any(
                map(_is_client, calls)
            )
        return self._clients[path]


def _imports_client(binding: ImportBinding) -> bool:
    """True for the library `websocket-client`, and for what opens connections in the others."""
    if binding.module.split(".")[0] in ("websocket", "websockets", "aiohttp"):
        return (
            binding.module == "websocket" or "client" in binding.module or binding.attribute in _CLIENT_NAMES
        )
    return False


def _is_client(call: Call) -> bool:
    func = call.func
    return isinstance(func, Attribute) and (
        func.attr == "ws_connect" or dotted(func) in ("websockets.connect", "websockets.client.connect")
    )
