"""Classes before and after delegating do the same: frames, answers, errors, and what they remember."""

import asyncio
import itertools
import json
import re
import sys
import types
from dataclasses import dataclass, field, is_dataclass

import pytest

from tests.codemods.emitters import (
    CALLBACK,
    CLOSURE,
    HANDED_IN,
    MADE,
    MANY_SINKS,
    NAMES_TAKEN,
    PROPERTY,
    TABS,
    WHOLE_FRAMES,
)
from wsconsolidate import __version__
from wsconsolidate.codemods import delegate_emitter
from wsconsolidate.codemods.delegate_emitter_examples import APP, REWRITES


@dataclass
class Sink:
    """A manager and socket that writes down what it is given; an `answer` that is an error is raised."""

    answer: object = True
    seen: list[tuple[object, ...]] = field(default_factory=list)

    async def send(self, user, frame):
        return self._take(user, frame)

    async def send_json(self, frame):
        return self._take(frame)

    async def send_text(self, *text):
        return self._take(*(one for one in text if one is not self))

    def _take(self, *given):
        self.seen.append(tuple(json.dumps(one, default=repr) for one in given))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def program(name, body):
    """A module of its own, which finds `app.manager` and `fastapi`."""
    module = types.ModuleType(name)
    sys.modules[name] = module  # where dataclasses look for it
    try:
        exec(compile(body, name, "exec"), module.__dict__)  # noqa: S102 - the program under test
    finally:
        del sys.modules[name]
    return module


@pytest.fixture(autouse=True)
def beside(monkeypatch: pytest.MonkeyPatch):
    manager = types.ModuleType("app.manager")
    manager.ConnectionManager = Sink
    other = types.ModuleType("app.other")
    other.UnifiedWebSocketEmitter = object
    for name, module in {"app": types.ModuleType("app"), "app.manager": manager, "app.other": other}.items():
        monkeypatch.setitem(sys.modules, name, module)


def ticks():
    return itertools.count(1).__next__


# name, program, what makes an instance of it with a sink, calls
ROWS = {
    "through a manager": (
        REWRITES[0].before.removeprefix(APP),
        lambda found, sink: found.RunEvents(sink, "ada", "r1"),
        [("agent_started", "triage"), ("agent_completed", "triage", "done"), ("agent_started", None)],
    ),
    "as text": (
        REWRITES[1].before.removeprefix(APP),
        lambda found, sink: found.ChatEvents(sink, sink),
        [
            ("agent_started", "\u00e4"),
            ("agent_completed", ""),
            ("_send", "ping", {}),
            ("_send", "x", {"s": object()}),
        ],
    ),
    "a dataclass": (
        REWRITES[2].before.removeprefix(APP),
        lambda found, sink: found.Kiosk(sink),
        [
            ("notify_agent_started", "a b"),
            ("notify_agent_completed", "c d e"),
            ("notify_agent_completed", None),
        ],
    ),
    "flat frames": (
        REWRITES[3].before.removeprefix(APP),
        lambda found, sink: found.Feed(sink, "ada", ticks()),
        [
            ("on_agent_started", "triage"),
            ("on_tool_executing", "search", {"q": 1}),
            ("on_tool_executing", "search", {"type": "overwritten", "tool": "too"}),
            ("on_tool_completed", "search"),
            ("on_agent_completed", "done"),
        ],
    ),
    "a closure": (
        CLOSURE,
        lambda found, sink: found.events_of(sink, "ada"),
        [("emit_agent_started", {"a": 1, "by": "me"}), ("emit_agent_completed", None)],
    ),
    "handed in": (
        HANDED_IN,
        MADE,
        lambda found, _: found.Stateless(),
        [("emit_agent_started", Sink, "triage"), ("emit_agent_completed", Sink, "done")],
    ),
    "names taken": (
        NAMES_TAKEN,
        lambda found, sink: found.Loud(sink, "ada"),
        [("emit_agent_started", "triage"), ("emit_agent_completed", "done"), ("_emitter",)],
    ),
    "whole frames": (
        WHOLE_FRAMES,
        lambda found, sink: found.Events(sink, "ada"),
        [
            ("emit_agent_started", "triage"),
            ("emit_agent_completed", 3),
            ("emit_ping",),
            ("_push", {"no": "type"}),
        ],
    ),
    "tabs and comments": (
        TABS,
        lambda found, sink: found.Events(sink, "ada"),
        [("emit_agent_started", "triage"), ("emit_agent_completed", [])],
    ),
    "a property": (
        PROPERTY,
        lambda found, sink: found.Events(sink, "ada"),
        [("emit_agent_started", "triage"), ("emit_agent_completed", "x"), ("emit_agent_started", None)],
    ),
    "a nested class with a callback": (
        CALLBACK,
        lambda found, sink: found.events_of(sink, "ada"),
        [("emit_agent_started", "triage"), ("emit_agent_completed", "done")],
    ),
    "made messages": (
        MADE,
        lambda found, sink: found.Events(sink, "ada"),
        [
            ("emit_agent_started", "triage"),
            ("emit_tool_executing", "search"),
            ("emit_tool_completed", None),
            ("emit_agent_completed", "done"),
        ],
    ),
    "many sinks": (
        MANY_SINKS,
        lambda found, sink: found.Events(sink, "ada", sink),
        [
            ("emit_agent_started",),
            ("emit_agent_started", "triage"),
            ("emit_tool_executing", "search"),
            ("emit_agent_completed", "done"),
            ("emit_agent_completed", "done", True),
        ],
    ),
}
ADDRESS = re.compile(r" at 0x[0-9a-f]+")
ANSWERS = [True, False, 0, None, ValueError("gone"), KeyError("ada"), RuntimeError("closed")]


def done(body, make, calls, answer):
    """Everything that can be seen of a program: frames, answers, errors, and the state of the object."""
    sink = Sink(answer)
    made = make(program("example", body), sink)
    trace = []
    for method, *arguments in calls:
        try:
            answered = getattr(made, method)(*(sink if one is Sink else one for one in arguments))
            trace.append(asyncio.run(answered) if asyncio.iscoroutine(answered) else answered)
        except Exception as error:  # noqa: BLE001 - whatever it raises is part of what is compared
            trace.append((type(error), error.args, error is answer))
        trace.append(ADDRESS.sub("", repr(getattr(made, "__dict__", None)).replace(repr(sink), "sink")))
    return sink.seen, trace, repr(made).partition(" at 0x")[0] if is_dataclass(made) else ""


@pytest.fixture
def rewritten(planned):
    def rewrite(body):
        found = planned(APP + body, codes=delegate_emitter.CODEMOD.codes, unsafe=False)
        assert found.plan.groups, found.reasons
        return found.after["app/events.py"].decode().partition("# file: ")[0]

    return rewrite


@pytest.mark.parametrize(
    ("vendor", "module"),
    [(None, "wsconsolidate.runtime"), ("app/ws_runtime", "app.ws_runtime"), ("ws_runtime", "ws_runtime")],
)
def test_the_runtime_is_imported_from_where_it_is_to_be(vendor, module, planned):
    found = planned(APP + CLOSURE, codes=delegate_emitter.CODEMOD.codes, vendor=vendor)
    assert f"from {module} import UnifiedWebSocketEmitter\n" in found.after["app/events.py"].decode()
    assert found.plan.requirements == (f"wsconsolidate>={__version__}",)


def test_a_star_that_may_bind_the_name_is_seen(planned):
    body = CLOSURE.replace("from app.manager", "from app.other import *\nfrom app.manager")
    found = planned(APP + body, codes=delegate_emitter.CODEMOD.codes)
    assert "import UnifiedWebSocketEmitter as RuntimeUnifiedWebSocketEmitter" in (
        found.after["app/events.py"].decode()
    )


def test_what_a_delegating_class_sends_by_itself_delegates_too(planned, rewritten):
    more = """
    async def emit_agent_thinking(self, thought: str) -> None:
        await self.manager.send(self.user, {"type": "agent_thinking", "payload": thought})
"""
    after = rewritten(WHOLE_FRAMES)
    found = planned(APP + after + more, codes=delegate_emitter.CODEMOD.codes)
    text = found.after["app/events.py"].decode()
    assert "await self._send_emitter().emit_agent_thinking(thought)" in text, found.reasons
    assert text.startswith(after)


def test_a_form_feed_is_no_line_end(planned):
    body = CLOSURE.replace("\n\ndef", "\n\x0c\ndef").replace(
        "    class Events", "    # \u2028\x0c\n    class Events"
    )
    found = planned(APP + body, codes=delegate_emitter.CODEMOD.codes)
    after = found.after["app/events.py"].decode()
    assert after.count("\x0c") == 2, found.reasons
    assert "= await self._emitter().emit_agent_completed(payload)\n" in after


def test_line_ends_and_encoding_are_kept(planned):
    body = ROWS["many sinks"][0].replace("log.info", "# gr\u00fc\u00dfe\n            log.info")
    files = dict(part.split("\n", 1) for part in (APP + body).lstrip().split("# file: ")[1:])
    data = ("# coding: latin-1\n" + files["app/events.py"]).replace("\n", "\r\n").encode("latin-1")
    found = planned({**files, "app/events.py": data}, codes=delegate_emitter.CODEMOD.codes)
    after = found.after["app/events.py"]
    assert b"for_sink" in after
    assert after.count(b"\n") == after.count(b"\r\n")
    assert "gr\u00fc\u00dfe".encode("latin-1") in after


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_the_same_is_seen_before_and_after(row, rewritten):
    body, make, calls = row
    body = body.partition("# file: ")[0]
    after = rewritten(row[0])
    assert after != body
    assert "UnifiedWebSocketEmitter" in after
    for answer in ANSWERS:
        assert done(body, make, calls, answer) == done(after, make, calls, answer), after
