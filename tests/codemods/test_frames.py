"""Whatever a frame is made of, the emitter lays out the same one."""

import asyncio
import json

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wsconsolidate.codemods.frames import laid_out
from wsconsolidate.codemods.layout import Layout
from wsconsolidate.model.delegation import Send
from wsconsolidate.model.program import FunctionId
from wsconsolidate.runtime import Envelope, UnifiedWebSocketEmitter

NAMES = {"event": "agent_started", "data": {"a": 1}, "more": {"type": "other", "x": 2}, "n": 3}
KEYS = st.sampled_from(["type", "event", "payload", "data", "at", "agent", "run id", "\u00e4"])
VALUES = st.sampled_from(
    [
        "1",
        "None",
        "n",
        "data",
        "event",
        "[n, n]",
        "{'deep': {'er': n}, **more}",
        "n if n else 0",
        "f'{n} of {n}'",
    ]
)
ITEMS = st.lists(
    st.one_of(
        st.tuples(KEYS, VALUES).map(lambda pair: f"{pair[0]!r}: {pair[1]}"),
        st.just("**more"),
        st.just("event: n"),
    ),
    max_size=5,
)
FIRST = st.sampled_from(
    ["'type': 'agent_started'", "'event': 'tool_completed'", "'type': event", "'type': 'ping'"]
)


def send(key, *, named):
    return Send(
        function=FunctionId("a.py", 1),
        line=1,
        func="send",
        frame=0,
        dumped=False,
        key=key,
        event=None,
        known=True,
        named=named,
    )


@settings(max_examples=300, deadline=None)
@given(first=FIRST, items=ITEMS, named=st.booleans(), width=st.sampled_from([20, 60, 200]))
def test_the_frame_is_the_same(first, items, named, width):
    source = "{" + ", ".join((first, *items)) + "}"
    told = laid_out(cst.parse_expression(source), send(first.split("'")[1], named=named), cst.Module([]))
    envelope = told.shape.text("Envelope") if told.shape else None
    layout = Layout(indent="", step="    ", before=10, base=8, width=width)
    call = layout.call(f"emitter.{told.method}", told.arguments)
    seen = []
    shape = eval(envelope or "Envelope.TYPE_PAYLOAD")  # noqa: S307 - as above
    emitter = UnifiedWebSocketEmitter.for_sink(seen.append, envelope=shape)
    asyncio.run(eval(call, {**NAMES, "emitter": emitter}))  # noqa: S307 - the code under test
    assert [json.dumps(frame) for frame in seen] == [json.dumps(eval(source, {**NAMES}))]  # noqa: S307


@pytest.mark.parametrize(
    ("source", "method", "envelope"),
    [
        ("{'type': 'agent_started', 'payload': data}", "emit_agent_started", None),
        ("{'type': 'agent_started', 'data': data}", "emit_agent_started", "Envelope.TYPE_DATA"),
        ("{'event': 'agent_started', 'data': data}", "emit_agent_started", "Envelope.EVENT_DATA"),
        ("{'type': 'agent_started', 'agent': data}", "emit_agent_started", "Envelope.FLAT"),
        ("{'event': 'agent_started'}", "emit_agent_started", 'Envelope(event_key="event", payload_key=None)'),
        ("{'event': 'x', 'payload': data}", "emit", 'Envelope(event_key="event", payload_key="payload")'),
        ("{'type': 'ping'}", "emit", "Envelope.FLAT"),
        ("{'type': 'agent_started', **data}", "emit_frame", None),
        ("{'at': n, 'type': 'agent_started'}", "emit_frame", None),
        ("frame", "emit_frame", None),
    ],
)
def test_how_a_frame_is_told(source, method, envelope):
    key = "event" if "'event'" in source else "type"
    told = laid_out(cst.parse_expression(source), send(key, named=True), cst.Module([]))
    assert (told.method, told.shape.text("Envelope") if told.shape else None) == (method, envelope)
    assert envelope is None or eval(envelope) is not Envelope.TYPE_PAYLOAD  # noqa: S307
