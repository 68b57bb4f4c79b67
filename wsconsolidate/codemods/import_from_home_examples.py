"""What `import_from_home` does, and what it must leave alone, program by program."""

from wsconsolidate.codemods.codemod import Example, Trap

_APP = """
# file: app/__init__.py
# file: app/manager.py
from fastapi import WebSocket


class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)

# file: app/legacy.py
from app.manager import ConnectionManager

LIMIT = 3
Hub = ConnectionManager

"""
_ROUTES = f"{_APP}# file: app/routes.py\n"
_LATE = """\
def hub(websocket: object) -> object:
    from app.legacy import Hub

    return Hub()
"""
_LATE_AFTER = _LATE.replace("app.legacy import Hub", "app.manager import ConnectionManager as Hub")
_TEST = f"{_ROUTES}{_LATE}# file: tests/test_routes.py\n"


def _became(before: str, after: str, *, unsafe: bool = False) -> Example:
    return Example(before=_ROUTES + before, after=_ROUTES + after, unsafe=unsafe)


REWRITES = (
    _became(
        """\
from app.legacy import Hub  # old name

hub = Hub()
""",
        """\
from app.manager import ConnectionManager as Hub  # old name

hub = Hub()
""",
    ),
    _became(
        """\
import os

from app.legacy import Hub
from app.zeta import z

hubs = [Hub(), os, z]
# file: app/zeta.py
z = 1
""",
        """\
import os

from app.manager import ConnectionManager as Hub
from app.zeta import z

hubs = [Hub(), os, z]
# file: app/zeta.py
z = 1
""",
    ),
    _became(
        """\
from app.legacy import Hub
from app.leisure import play

hubs = [Hub(), play]
# file: app/leisure.py
play = 1
""",
        """\
from app.leisure import play
from app.manager import ConnectionManager as Hub

hubs = [Hub(), play]
# file: app/leisure.py
play = 1
""",
    ),
    _became(
        """\
from .legacy import LIMIT, Hub

hubs = [Hub()] * LIMIT
""",
        """\
from .legacy import LIMIT
from .manager import ConnectionManager as Hub

hubs = [Hub()] * LIMIT
""",
    ),
    _became(
        """\
if True:
    from app.legacy import (
        ConnectionManager,
    )
""",
        """\
if True:
    from app.manager import ConnectionManager
""",
    ),
    _became(
        """\
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.legacy import Hub

__all__ = ["Hub", "stop"]


def stop(hub: "Hub | None") -> Hub: ...
""",
        """\
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.manager import ConnectionManager as Hub

__all__ = ["Hub", "stop"]


def stop(hub: "Hub | None") -> Hub: ...
""",
    ),
    _became(
        "from app.legacy import Hub, LIMIT, Hub as Other, ConnectionManager\n",
        """\
from app.legacy import LIMIT
from app.manager import ConnectionManager
from app.manager import ConnectionManager as Hub
from app.manager import ConnectionManager as Other
""",
    ),
    _became(
        "import os; from app.legacy import Hub; hub = Hub()\n",
        "import os; from app.manager import ConnectionManager as Hub; hub = Hub()\n",
    ),
    _became(
        "class Routes:\n    from app.legacy import Hub\n",
        "class Routes:\n    from app.manager import ConnectionManager as Hub\n",
    ),
    Example(
        before=f"""{_TEST}\
from unittest import mock

from app.legacy import Hub


@mock.patch("app.legacy.Hub")
def test_hub(fake: object, monkeypatch) -> None:
    monkeypatch.setattr('app.legacy.Hub', fake)
    with mock.patch("app.legacy.Hub.send"):
        assert Hub
""",
        after=f"""{_ROUTES}{_LATE_AFTER}# file: tests/test_routes.py
from unittest import mock

from app.manager import ConnectionManager as Hub


@mock.patch("app.manager.ConnectionManager")
def test_hub(fake: object, monkeypatch) -> None:
    monkeypatch.setattr('app.manager.ConnectionManager', fake)
    with mock.patch("app.legacy.Hub.send"):
        assert Hub
""",
        unsafe=True,
    ),
)

UNTOUCHED = (
    Trap(
        program=f"{_ROUTES}from app.legacy import Hub, LIMIT; hub = Hub()\n",
        reason="the import does not stand alone on its line",
    ),
    Trap(
        program=f"{_TEST}NAMES = ['app.legacy.Hub']\n",
        reason='tests/test_routes.py: line 1 names "app.legacy.Hub" for another use than to patch it',
    ),
    Trap(
        program=f"""{_APP}# file: app/legacy.py
def __getattr__(name: str) -> object:
    if name == "Hub":
        from app.manager import ConnectionManager

        return ConnectionManager
    raise AttributeError(name)
# file: app/routes.py
from app.legacy import Hub

hub = Hub()
""".replace(
            "from fastapi import WebSocket\n\n\nclass",
            "from fastapi import WebSocket\nimport app.routes\n\n\nclass",
        ),
        reason="the import would close a circle: app.routes -> app.manager -> app.routes",
    ),
    Trap(
        program=f"{_ROUTES}from app.other import Hub\n# file: app/other.py\nclass Hub:\n    pass\n",
        reason="",
    ),
    Trap(
        program=f"{_ROUTES}from app.manager import ConnectionManager as Hub\n",
        reason="",
    ),
    Trap(program=f"{_ROUTES}from app import legacy\n\nhub = legacy.Hub()\n", reason=""),
    Trap(program=f"{_ROUTES}from app.legacy import *\n\nhub = Hub()\n", reason=""),
    Trap(program=f"{_ROUTES}import app.legacy as old\n\nhub = old.Hub()\n", reason=""),
    Trap(program=f"{_ROUTES}from app import manager\n\nhub = manager.ConnectionManager()\n", reason=""),
    Trap(
        program=f"{_TEST}import importlib\n\n\ndef test_hub():\n    importlib.reload('app.legacy.Hub')\n",
        reason='tests/test_routes.py: line 5 names "app.legacy.Hub" for another use than to patch it',
    ),
)
