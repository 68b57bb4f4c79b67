import json
import time

import pytest

from wsconsolidate.runtime import (
    Envelope,
    Event,
    UserExecutionContext,
    WebSocketPayloadError,
    from_context,
    iso_utc,
    unix_milliseconds,
    unix_seconds,
)
from wsconsolidate.runtime.codec import encode, encoder_of, size_of

CONTEXT = UserExecutionContext(user_id="ada", thread_id="t1", run_id="r1")


def event(payload, at=1_700_000_000.5):
    return Event(type="agent_started", payload=payload, context=CONTEXT, at=at)


@pytest.mark.parametrize(
    ("envelope", "payload", "extra", "frame"),
    [
        (Envelope.TYPE_PAYLOAD, {"a": 1}, {}, {"type": "agent_started", "payload": {"a": 1}}),
        (Envelope.TYPE_DATA, None, {}, {"type": "agent_started", "data": None}),
        (Envelope.EVENT_DATA, "text", {}, {"event": "agent_started", "data": "text"}),
        (Envelope.FLAT, {"a": 1, "b": []}, {}, {"type": "agent_started", "a": 1, "b": []}),
        (Envelope.FLAT, {}, {"run_id": "r9"}, {"type": "agent_started", "run_id": "r9"}),
        (
            Envelope.TYPE_PAYLOAD.with_keys(run_id=from_context("run_id"), version=2),
            {},
            {"thread_id": "t9"},
            {"type": "agent_started", "payload": {}, "run_id": "r1", "version": 2, "thread_id": "t9"},
        ),
        (Envelope.TYPE_DATA.with_keys(v=2), 0, {"v": 3}, {"type": "agent_started", "data": 0, "v": 3}),
        (Envelope(event_key="kind", payload_key="body"), 0, {}, {"kind": "agent_started", "body": 0}),
        (
            Envelope.FLAT.with_keys(ts=unix_seconds, ms=unix_milliseconds, iso=iso_utc),
            {},
            {},
            {
                "type": "agent_started",
                "ts": 1_700_000_000.5,
                "ms": 1_700_000_000_500,
                "iso": "2023-11-14T22:13:20.500000+00:00",
            },
        ),
    ],
)
def test_a_frame_is_laid_out_as_the_envelope_says(envelope, payload, extra, frame):
    assert envelope.wrap(event(payload), extra) == frame


@pytest.mark.parametrize(
    ("envelope", "payload", "extra"),
    [
        (Envelope.FLAT, {"type": "other"}, {}),
        (Envelope.FLAT, "text", {}),
        (Envelope.TYPE_PAYLOAD, {}, {"payload": 1}),
        (Envelope.TYPE_PAYLOAD, {}, {"type": "other"}),
        (Envelope.FLAT.with_keys(a=1), {"a": 2}, {}),
    ],
)
def test_nothing_replaces_the_type_or_the_payload(envelope, payload, extra):
    with pytest.raises(WebSocketPayloadError):
        envelope.wrap(event(payload), extra)


@pytest.mark.parametrize("frame", [{"a": "é", "b": [1, 2.5, None, True]}, {}, {"🙂": "\u2028"}])
def test_text_is_laid_out_as_starlette_does(frame):
    text = encode(frame)
    assert text == json.dumps(frame, separators=(",", ":"), ensure_ascii=False)
    assert size_of(text) == len(text.encode())


def circular():
    frame = {}
    frame["self"] = frame
    return frame


@pytest.mark.parametrize("frame", [{"a": object()}, {"a": float("nan")}, circular(), {(1,): 2}])
def test_what_no_browser_could_read_is_refused(frame):
    with pytest.raises(WebSocketPayloadError) as caught:
        encode(frame)
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, ValueError)


def test_half_a_surrogate_is_refused():
    with pytest.raises(WebSocketPayloadError):
        size_of(encode({"a": "\ud800"}))


def test_what_json_does_not_know_goes_through_the_default():
    assert encoder_of("json", sorted)({"at": time.struct_time(range(9)), "s": {1}}).endswith('"s":[1]}')


@pytest.mark.parametrize("accelerator", ["orjson", "msgspec"])
def test_an_accelerator_writes_the_same(accelerator):
    pytest.importorskip(accelerator)
    for frame in ({"a": "é", "b": [1, None]}, {1: 2}, {"big": 2**80}):
        assert json.loads(encoder_of(accelerator)(frame)) == json.loads(encode(frame))
    with pytest.raises(WebSocketPayloadError):
        encoder_of(accelerator)({"a": object()})
