"""Imports come where a reader expects them, and go only where a change has left them without a use."""

import pytest

CORE = """\
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def connect_user(self, user_id: str, websocket: Any) -> str: ...
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
"""
COPY = """\
class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
"""
USE = "\nhub: WebSocketManagerProtocol\n"
NEW = "from app.core import WebSocketManagerProtocol\n"


def check(planned, before, after, **more):
    files = {f"app/{name}.py": text for name, text in more.items()}
    found = planned(
        {"app/__init__.py": "", "app/core.py": CORE, "app/notify.py": before, **files}, codes=("WSC101",)
    )
    assert found.after["app/notify.py"].decode() == after, found.reasons


TYPING = "from typing import Any, Protocol\n"
BESIDE = "from app.alpha import a\nfrom app.zeta import z\n"
ADDED = {
    "after the docstring": (
        f'"""Doc."""\nimport typing\n{COPY.replace("(Protocol", "(typing.Protocol")}{USE}'.replace(
            "Any", "typing.Any"
        ),
        f'"""Doc."""\n\n{NEW}{USE}',
    ),
    "after the future": (
        f"from __future__ import annotations\nfrom typing import Any, Protocol\n\n{COPY}{USE}",
        f"from __future__ import annotations\n\n{NEW}{USE}",
    ),
    "among its like, sorted": (
        f"import os\nfrom typing import Any, Protocol\n\n{BESIDE}\n{COPY}{USE}",
        f"import os\n\nfrom app.alpha import a\n{NEW}from app.zeta import z\n{USE}",
    ),
    "before its like": (
        f"from typing import Any, Protocol\n\n# ours\nfrom app.zeta import z\n\n{COPY}{USE}",
        f"{NEW}# ours\nfrom app.zeta import z\n{USE}",
    ),
    "after what makes the import work": (
        f"import sys\nsys.path.insert(0, 'app')\nfrom typing import Any, Protocol\n{COPY}{USE}",
        f"import sys\nsys.path.insert(0, 'app')\n\n{NEW}{USE}",
    ),
    "beside others of the module": (
        f"from typing import Any, Protocol\n\nfrom .core import LIMIT, start\n\n{COPY}{USE}",
        f"from .core import LIMIT, WebSocketManagerProtocol, start\n{USE}",
    ),
    "beside others, each on its line": (
        f"{TYPING}\nfrom app.core import (\n    LIMIT,\n    Zone,\n)\n\n{COPY}{USE}",
        f"from app.core import (\n    LIMIT,\n    WebSocketManagerProtocol,\n    Zone,\n)\n{USE}",
    ),
    "not beside others with a word": (
        f"{TYPING}\nfrom app.core import (\n    LIMIT,  # 3\n    Zone,\n)\n\n{COPY}{USE}",
        f"from app.core import (\n    LIMIT,  # 3\n    Zone,\n)\n{NEW}{USE}",
    ),
    "not below a definition": (
        f"from typing import Any, Protocol\ndef f(): ...\nimport late\n{COPY}{USE}",
        f"{NEW}def f(): ...\nimport late\n{USE}",
    ),
}


@pytest.mark.parametrize("case", ADDED)
def test_an_import_is_added(case, planned):
    before, after = ADDED[case]
    check(planned, before, after, alpha="a = 1\n", zeta="z = 1\n")


def test_an_import_that_is_there_is_used(planned):
    own = "    async def expire(self, session_id: str) -> int: ...\n"
    there = "from app.core import WebSocketManagerProtocol as Core\n"
    before = f"from typing import Any, Protocol\n{there}{COPY}{own}"
    after = f"from typing import Protocol\n{there}class WebSocketManagerProtocol(Core, Protocol):\n{own}"
    check(planned, before, after)


KEPT = {
    "used in a string": (
        "from typing import Any, Protocol\n",
        USE + "x: 'Any' = 1\n",
        "from typing import Any\n",
    ),
    "used in a type comment": (
        "from typing import Any, Protocol\n",
        USE + "x = 1  # type: Any\n",
        "from typing import Any\n",
    ),
    "offered by name": (
        "from typing import Any as Any, Protocol\n",
        USE,
        "from typing import Any as Any\n",
    ),
    "in __all__": (
        "from typing import Any, Protocol\n",
        USE + "__all__ = ['Any']\n",
        "from typing import Any\n",
    ),
    "with a comment": (
        "from typing import Any, Protocol  # noqa: F401\n",
        USE,
        "from typing import Any, Protocol  # noqa: F401\n",
    ),
    "never used": (
        "import signal\nfrom typing import Any, Protocol\n",
        USE,
        "import signal\n",
    ),
    "in a star": (
        "from os.path import *\nfrom typing import Any, Protocol\n",
        USE,
        "from os.path import *\n",
    ),
    "in a block of its own": (
        "from typing import (\n    Any,  # for the messages\n    Iterable,\n    Protocol,\n)\n",
        USE + "def f(x: Iterable): ...\n",
        "from typing import (\n    Iterable,\n)\n",
    ),
}


@pytest.mark.parametrize("case", KEPT)
def test_an_import_stays_where_it_may_be_wanted(case, planned):
    imports, use, left = KEPT[case]
    check(planned, f"{imports}\n{COPY}{use}", f"{left}\n{NEW}{use}")


def test_an_import_stays_that_another_file_takes(planned):
    before = f"from typing import Any, Protocol\n\n{COPY}"
    offered = "from app.core import WebSocketManagerProtocol as WebSocketManagerProtocol\n"
    check(planned, before, f"from typing import Any\n\n{offered}", other="from app.notify import Any\n")


@pytest.mark.parametrize("core_runs_it", [True, False])
def test_an_import_stays_that_alone_runs_a_module(planned, core_runs_it):
    """An alias of the tree that means the same: only its module is run by the copy alone."""
    ids = {"app/ids.py": "UserId = str\n", "app/alias.py": "from app.ids import UserId\n"}
    source = "app.ids" if core_runs_it else "app.alias"
    core = f"from app.ids import UserId\n{CORE}".replace("user_id: str", "user_id: UserId")
    head = f"from typing import Any, Protocol\n\nfrom {source} import UserId\n"
    copy = COPY.replace("user_id: str", "user_id: UserId")
    files = {"app/__init__.py": "", "app/core.py": core, "app/notify.py": f"{head}\n{copy}{USE}", **ids}
    left = planned(files, codes=("WSC101",)).after["app/notify.py"].decode()
    assert (f"from {source} import UserId" in left) is not core_runs_it


def test_documentation_and_configuration_that_name_the_old_path_are_told_and_left(planned):
    files = {
        "app/__init__.py": "",
        "app/manager.py": (
            "from fastapi import WebSocket\n\n\nclass Manager:\n    def __init__(self) -> None:\n"
            "        self.sockets: dict[str, WebSocket] = {}\n\n"
            "    def connect(self, user: str, socket: WebSocket) -> None:\n"
            "        self.sockets[user] = socket\n\n"
            "    async def send(self, user: str, message: dict) -> None:\n"
            "        await self.sockets[user].send_json(message)\n"
        ),
        "app/old.py": "from app.manager import Manager\n\nHub = Manager\n",
        "app/routes.py": "from app.old import Hub\n\nhub = Hub()\n",
        "docs/ws.md": "# Sockets\n\nUse `app.old.Hub`, not `app.old.Hubs`.\n",
        "app.toml": "hub = 'app.old:Hub'\n",
    }
    found = planned(files, codes=("WSC105",))
    titles = [group.title for group in found.plan.groups]
    assert titles == ["import app.manager.Manager (the old path stays in app.toml:1, docs/ws.md:3)"]
    assert {edit.path for edit in found.plan.edits} == {"app/routes.py"}
