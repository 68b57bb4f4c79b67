"""The published types are those of what is really sent."""

import json
from pathlib import Path

import pytest

import wsconsolidate.runtime as runtime
from wsconsolidate.runtime import Envelope, Event, UserExecutionContext, frames, wire
from wsconsolidate.runtime.client.follower import Follower
from wsconsolidate.runtime.frames import Gap, Position

jsonschema = pytest.importorskip("jsonschema")
ROOT = Path(__file__).parents[2]
AT = Position("E", 3)
HELLO = frames.hello(session_id="s", at=AT, head=9, heartbeat_ms=30_000, window=50)


def client_frames():
    client = Follower()
    yield client.resume()
    client.take(HELLO)
    client.take(frames.event(4, "{}"))
    yield client.ack()
    yield client.resume()
    client.take(HELLO)
    yield client.take(frames.beat(AT, 9)).reply


SERVER = [
    HELLO,
    frames.event(4, '{"type":"x"}'),
    frames.events(4, ['{"type":"x"}', '"y"']),
    frames.passing('"x"'),
    frames.gap(Gap(4, None, "epoch"), AT),
    frames.gap(Gap(4, 7, "expired"), AT),
    frames.replay_begin(4, 9),
    frames.live(9),
    frames.beat(AT, 9),
    frames.drain(250),
]


def is_valid(text, part):
    schema = {**wire.schema(), "oneOf": [{"$ref": f"#/$defs/{part}"}]}
    return jsonschema.Draft202012Validator(schema).is_valid(json.loads(text))


@pytest.mark.parametrize("text", SERVER)
def test_what_the_server_sends_is_as_published(text):
    assert is_valid(text, "server")
    assert not is_valid(text, "client")
    assert not is_valid(text[:-1] + ',"more":1}', "server")


def test_what_a_client_says_is_as_published_and_read():
    for text in client_frames():
        assert is_valid(text, "client")
        assert frames.read(text) is not None


def test_a_payload_is_as_published():
    event = Event("tool_executing", {"tool_name": "search"}, UserExecutionContext(user_id="ada"), 0.0)
    payload = Envelope.TYPE_PAYLOAD.wrap(event)["payload"]
    assert is_valid(json.dumps(payload), "ToolExecutingPayload")
    assert not is_valid("{}", "ToolExecutingPayload")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            ROOT / "docs" / "schema" / "runtime-frames-1.json",
            lambda: json.dumps(wire.schema(), indent=2) + "\n",
        ),
        (Path(runtime.__file__).parent / "client" / "frames.d.ts", wire.declarations),
    ],
    ids=["schema", "declarations"],
)
def test_what_is_checked_in_is_what_the_types_say(path, text):
    assert path.read_text("utf-8") == text()
