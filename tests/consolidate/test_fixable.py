"""Whether a finding can be settled is decided by the facts, and shows in the disposition of its class."""

import pytest

from wsconsolidate.model.analysis import Disposition
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.program import ClassId

CORE = """\
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def connect_user(self, user_id: str, websocket: Any) -> str: ...
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
"""
HEAD = "from typing import Any, Optional, Protocol, Union, cast, runtime_checkable\n\n"
TWO = """\
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
"""
COPY = f"class WebSocketManagerProtocol(Protocol):\n{TWO}"
HUB = COPY.replace("WebSocketManagerProtocol", "WebSocketHub")
THREE = "    async def connect_user(self, user_id: str, websocket: Any) -> str: ...\n" + TWO
SAFE, UNSAFE, DISPLAY = Applicability.SAFE, Applicability.UNSAFE, Applicability.DISPLAY


def fix_of(study, copy, core=CORE, **others):
    files = {"app/__init__.py": "", "app/core.py": core, "app/wire.py": HEAD + copy}
    found = study(files | {f"app/{name}.py": text for name, text in others.items()})
    [fix] = [fix for key, fix in found.fixes.items() if key.code == "WSC101"]
    return fix


PROTOCOLS = {
    "subset": (COPY, SAFE, ""),
    "used as an annotation": (COPY + "def f(x: WebSocketManagerProtocol): ...\n", SAFE, ""),
    "cast to": (COPY + "def f(x): return cast(WebSocketManagerProtocol, x)\n", SAFE, ""),
    "dict written as Dict": (COPY.replace("dict[", "__import__('typing').Dict["), DISPLAY, "another type"),
    "isinstance": (
        COPY + "def f(x): return isinstance(x, WebSocketManagerProtocol)\n",
        UNSAFE,
        "app/wire.py:6 tests for it",
    ),
    "one of several in an isinstance": (
        COPY + "def f(x): return isinstance(x, (int, WebSocketManagerProtocol))\n",
        UNSAFE,
        "app/wire.py:6 tests for it",
    ),
    "a class pattern": (
        COPY + "def f(x):\n    match x:\n        case WebSocketManagerProtocol(): return 1\n",
        UNSAFE,
        "app/wire.py matches it",
    ),
    "a key of a container": (
        COPY + "def f(container, hub): container.bind(WebSocketManagerProtocol, hub)\n",
        UNSAFE,
        "app/wire.py:6 hands it on",
    ),
    "in a table": (
        COPY + "TABLE = {WebSocketManagerProtocol: 1}\n",
        UNSAFE,
        "app/wire.py:6 keeps it in a table",
    ),
    "checkable, and the other is not": (f"@runtime_checkable\n{COPY}", UNSAFE, "would raise TypeError"),
    "extended by one that has all": (
        COPY + f"class Hub(WebSocketManagerProtocol):\n{THREE.replace('...', 'return 1')}",
        SAFE,
        "",
    ),
    "extended by one that lacks a member": (
        COPY + f"class Hub(WebSocketManagerProtocol):\n{TWO.replace('...', 'return 1')}",
        UNSAFE,
        "app.wire.Hub extends it and would inherit connect_user",
    ),
    "what it lacks comes from behind it": (
        "class Base:\n    async def connect_user(self, user_id: str, websocket: Any) -> str: return ''\n"
        + COPY
        + "class Hub(WebSocketManagerProtocol, Base): ...\n",
        UNSAFE,
        "would inherit connect_user",
    ),
    "another name for less": (HUB, UNSAFE, "it asks for less"),
    "another name for the same": (f"class WebSocketHub(Protocol):\n{THREE}", SAFE, ""),
    "extended beside the one that stays": (
        f"import app.core as c\n{COPY}class Hub(WebSocketManagerProtocol, c.WebSocketManagerProtocol): ...\n",
        DISPLAY,
        "app.wire.Hub extends both it and app.core.WebSocketManagerProtocol",
    ),
    "decorated": (f"def d(c): return c\n@d\n{COPY}", DISPLAY, "it is decorated with d"),
    "a property": (
        COPY.replace("    async def disconnect", "    @property\n    async def disconnect"),
        DISPLAY,
        "disconnect is decorated in another way",
    ),
    "an attribute": (COPY + "    connect_user: str\n", DISPLAY, "an attribute in one"),
}


@pytest.mark.parametrize("case", PROTOCOLS)
def test_a_duplicate_protocol_is(case, study):
    copy, applicability, reason = PROTOCOLS[case]
    fix = fix_of(study, copy)
    assert (fix.applicability, reason in fix.reason) == (applicability, True), fix.reason
    assert bool(fix.reason) == (applicability is not SAFE)


TYPES = [
    ("dict[str, Any]", "Dict[str, Any]"),
    ("Optional[str]", "str | None"),
    ("Optional[str]", "Union[None, str]"),
    ("'list[int]'", "List['int']"),
    ("Callable[[str], None]", "abc.Callable[[str], None]"),
    ("Message", "Dict[str, Any]"),
    ("Message", "dict[str, Any]"),
    ("type[int]", "Type[int]"),
    ("Any", "typing.Any"),
]
OTHER_TYPES = [
    ("dict[str, Any]", "Mapping[str, Any]"),
    ("str", "Optional[str]"),
    ("Literal['str']", "Literal['int']"),
    ("str", "'Text'"),
    ("Unknown", "Unknown"),
    ("Callable[[str], None]", "Callable[[int], None]"),
]
TYPED_HEAD = """\
import typing
from collections import abc
from typing import Any, Callable, Dict, List, Literal, Mapping, Optional, Protocol, Type, Union

Message = Dict[str, Any]

"""


def agree(study, one, other):
    core = TYPED_HEAD + CORE.partition("\n\n")[2].replace("user_id: str", f"user_id: {one}")
    copy = TYPED_HEAD + COPY.replace("user_id: str", f"user_id: {other}")
    return fix_of(study, copy, core)


@pytest.mark.parametrize(("one", "other"), TYPES)
def test_types_agree_by_what_their_names_mean(one, other, study):
    assert agree(study, one, other).applicability is SAFE


@pytest.mark.parametrize(("one", "other"), OTHER_TYPES)
def test_types_differ(one, other, study):
    assert "another type for user_id" in agree(study, one, other).reason


def test_a_protocol_that_speaks_of_itself_agrees(study):
    twin = "    def twin(self) -> 'WebSocketManagerProtocol': ...\n"
    assert fix_of(study, COPY + twin, CORE + twin).applicability is SAFE


SPEAKS = "    def emitter(self) -> 'WebSocketEmitterProtocol': ...\n"
EMITTER = """
class WebSocketEmitterProtocol(Protocol):
    def manager(self) -> WebSocketManagerProtocol: ...
    async def emit_agent_started(self, data: dict[str, Any]) -> bool: ...
    async def emit_agent_completed(self, data: dict[str, Any]) -> bool: ...
"""


@pytest.mark.parametrize("speaks", ["", SPEAKS])
def test_protocols_that_speak_of_each_other_agree(speaks, study):
    found = study(
        {
            "app/__init__.py": "",
            "app/core.py": CORE + speaks + EMITTER,
            "app/wire.py": HEAD + COPY + speaks + EMITTER,
        }
    )
    assert [fix.applicability for fix in found.fixes.values()] == [SAFE, SAFE]


@pytest.mark.parametrize("speaks", ["", SPEAKS])
def test_one_that_stays_keeps_the_others_that_speak_of_it(speaks, study):
    other = COPY.replace("_id: str)", "_id: int)")
    found = study(
        {
            "app/__init__.py": "",
            "app/core.py": CORE + speaks + EMITTER,
            "app/wire.py": HEAD + other + speaks + EMITTER,
        }
    )
    assert [fix.applicability for fix in found.fixes.values()] == [DISPLAY, DISPLAY]


def test_a_test_in_a_file_that_was_read_in_outline_counts(study):
    other = "from app import wire\ndef f(x): return isinstance(x, wire.WebSocketHub)\n"
    fix = fix_of(study, f"class WebSocketHub(Protocol):\n{THREE}", other=other)
    assert (fix.applicability, "tests for it" in fix.reason) == (UNSAFE, True)


def test_a_class_that_can_be_rewritten_is_one_to_rewrite(study):
    found = study({"app/__init__.py": "", "app/core.py": CORE, "app/wire.py": HEAD + COPY})
    assert found.verdicts[ClassId("app/wire.py", 3)].disposition is Disposition.REWRITE
    assert found.verdicts[ClassId("app/core.py", 3)].disposition is Disposition.KEEP


def test_a_class_that_cannot_says_why(study):
    found = study(
        {
            "app/__init__.py": "",
            "app/core.py": CORE,
            "app/wire.py": HEAD + COPY.replace("_id: str)", "_id: int)"),
        }
    )
    verdict = found.verdicts[ClassId("app/wire.py", 3)]
    assert verdict.disposition is Disposition.REVIEW
    assert verdict.reason.endswith("; disconnect has another type for connection_id")
