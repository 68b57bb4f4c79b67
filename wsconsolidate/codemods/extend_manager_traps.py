"""What `extend_manager` must leave alone, program by program."""

from wsconsolidate.codemods.codemod import Trap
from wsconsolidate.codemods.extend_manager_examples import IMPORTED

_INIT = """
    def __init__(self) -> None:
        self.limit = 3
        self.connections: dict[str, WebSocket] = {}
"""
_CONNECT = """
    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        await websocket.accept()
        self.connections[user_id] = websocket
"""
_SEND = """
    async def send_to_user(self, user_id: str, message: dict) -> bool:
        socket = self.connections.get(user_id)
        if socket is None:
            return False
        await socket.send_json(message)
        return True
"""


_SORTED = "\nclass Sorted(dict): ...\n"
_META = "\nclass Meta(type): ...\n"
_BELLS = tuple(part.replace("connections", "bells") for part in (_INIT, _CONNECT, _SEND))
_TWICE = (_CONNECT, _CONNECT.replace("connections", "sockets").replace("connect", "attach"))


def _method(header: str, *lines: str) -> str:
    return "".join((f"\n    {header}\n", *(f"        {line}\n" for line in lines or ("...",))))


def _hub(*parts: str, head: str = "class Hub:", above: str = "", core: str = IMPORTED) -> str:
    return f"{core}{above}\n{head}\n{''.join(parts)}"


UNTOUCHED = (
    Trap(
        program=_hub(
            _INIT,
            _CONNECT,
            """
    async def send_to_user(self, user_id: str, message: dict) -> bool:
        socket = self.connections[user_id]
        await socket.send_json(message)
        return True
""",
        ),
        reason="none of its methods sends as one of `app.core.UnifiedManager` does",
    ),
    Trap(
        program=_hub(
            _INIT,
            _CONNECT,
            """
    async def send_to_user(self, user_id: str, message: dict) -> bool:
        socket = self.connections.get(user_id)
        if socket is None:
            return None
        await socket.send_json(message)
        return True
""",
        ),
        reason="no method of it sends in the very same way",
    ),
    Trap(
        program=_hub(_INIT.replace("= {}", "= Sorted()"), _CONNECT, _SEND, above=_SORTED),
        reason="app.core.UnifiedManager makes connections, where it keeps its connections, in another way",
    ),
    Trap(
        program=_hub(*_BELLS, _method("def peek(hub: object) -> object:", "return hub.bells")).replace(
            "\n    def peek", "\ndef peek"
        ),
        reason="app/hub.py:21 may read its `bells`, which would be `connections` then",
    ),
    Trap(
        program=_hub(*_BELLS, _method("def join(self, hub: Hub) -> None:", "self.bells.update(hub.bells)")),
        reason="app/hub.py:21 may read its `bells`, which would be `connections` then",
    ),
    Trap(
        program=_hub(*_BELLS) + "# file: app/other.py\ndef f(hub):\n    return getattr(hub, 'bells', {})\n",
        reason="app/other.py:2 may read its `bells`, which would be `connections` then",
    ),
    Trap(
        program=_hub(_INIT.replace("limit = 3", "sockets: dict[str, WebSocket] = {}"), *_TWICE, _SEND),
        reason="it keeps its connections in `self.sockets`, which `app.core.UnifiedManager` lacks",
    ),
    Trap(
        program=_hub(
            _INIT,
            _CONNECT,
            _SEND,
            _method("def disconnect(self, websocket: WebSocket, code: int) -> None:"),
        ),
        reason="its disconnect does not take what that of app.core.UnifiedManager takes",
    ),
    Trap(
        program=_hub(_INIT, _CONNECT, _SEND, _method("async def disconnect(self, user_id: str) -> None:")),
        reason="its disconnect does not take what that of app.core.UnifiedManager takes",
    ),
    Trap(
        program=_hub(
            _INIT,
            _CONNECT,
            _SEND,
            head="class Hub(Base):",
            above="\nclass Base:\n    def broadcast(self) -> int:\n        return 1\n",
        ),
        reason="Hub has broadcast from app.hub.Base, as UnifiedManager has",
    ),
    Trap(
        program=_hub(
            _INIT,
            _CONNECT,
            _SEND,
            head="class Hub(Base):",
            above="\nclass Base:\n    def __init__(self) -> None:\n        self.at = 1\n",
        ),
        reason="a base of Hub has a constructor of its own",
    ),
    Trap(
        program=_hub(
            _INIT, _CONNECT, _SEND, _method("@property\n    def name(self) -> str:", "return 'hub'")
        ),
        reason="Hub defines name, which app.core.UnifiedManager sets",
    ),
    Trap(
        program=_hub(
            _INIT, _CONNECT, _SEND, _method("def __getattr__(self, name: str) -> object:", "return 1")
        ),
        reason="app.hub.Hub has __getattr__",
    ),
    Trap(
        program=_hub(
            _INIT,
            _CONNECT,
            _SEND,
            _method("def describe(self) -> str:", "return super().__repr__()"),
        ),
        reason="its describe calls that of its next base",
    ),
    Trap(
        program=_hub(_INIT, _CONNECT, _SEND, head="class Hub(metaclass=Meta):", above=_META),
        reason="app.hub.Hub is created with a keyword or a decorator",
    ),
    Trap(
        program=_hub(_INIT, _CONNECT, _SEND).replace("import asyncio", "import asyncio\nimport app.hub"),
        reason="the import would close a circle: app.hub -> app.core -> app.hub",
    ),
    Trap(
        program=_hub(_INIT, _CONNECT, _SEND).replace("asyncio.Lock()", "asyncio.get_event_loop()"),
        reason="the constructor of app.core.UnifiedManager does more than set attributes",
    ),
    Trap(
        program=_hub(_INIT, _CONNECT, _SEND).replace('name: str = "core"', "name: str"),
        reason="app.core.UnifiedManager cannot be made without name",
    ),
    Trap(
        program=_hub(_INIT, _CONNECT, _SEND).replace(
            "    limit = 3", "    def __len__(self) -> int:\n        return 0\n\n    limit = 3"
        ),
        reason="app.core.UnifiedManager has __len__, which it would have too",
    ),
    Trap(
        program=_hub(_INIT, _CONNECT, _SEND).replace(
            "    limit = 3",
            "    def __new__(cls):\n        return object.__new__(cls)\n\n    limit = 3",
        ),
        reason="app.core.UnifiedManager has __new__",
    ),
)
