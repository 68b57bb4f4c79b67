import asyncio
import json

import pytest

from wsconsolidate.runtime import (
    CRITICAL_EVENTS,
    BacklogFullError,
    Envelope,
    ManagerConfig,
    RetryPolicy,
    UnifiedWebSocketEmitter,
    UnifiedWebSocketManager,
    UserExecutionContext,
    WebSocketEmitterFactory,
    WebSocketEmitterPool,
    WebSocketEmitterProtocol,
    WebSocketPayloadError,
    from_context,
)
from wsconsolidate.runtime.testing import ManualClock, MemoryTransport, settle

ADA = UserExecutionContext(user_id="ada", thread_id="t1", run_id="r1")
BOB = UserExecutionContext(user_id="bob")


class RecordingSocket:
    """A socket of the user's own tests."""

    def __init__(self, answers=()):
        self.sent = []
        self.answers = list(answers)

    async def send_json(self, frame):
        self.sent.append(frame)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer


class TextSocket:
    def __init__(self, name):
        self.sent = []
        setattr(self, name, self._send)

    async def _send(self, text):
        self.sent.append(text)


def test_it_is_an_emitter():
    assert isinstance(UnifiedWebSocketEmitter.for_sink(print), WebSocketEmitterProtocol)


def test_five_events_in_order_through_the_manager(run):
    async def main():
        async with UnifiedWebSocketManager(clock=ManualClock()) as manager:
            socket = MemoryTransport()
            await manager.connect("ada", socket)
            await settle()
            emitter = UnifiedWebSocketEmitter(manager, ADA)
            for name in CRITICAL_EVENTS:
                receipt = await getattr(emitter, f"emit_{name}")({"of": name})
                assert receipt.connections == 1
            await settle()
            assert [message["type"] for message in socket.messages] == list(CRITICAL_EVENTS)
            assert emitter.metrics().emitted == dict.fromkeys(CRITICAL_EVENTS, 1)
            assert emitter.metrics().total == 5

    run(main)


def test_an_emitter_may_have_an_envelope_of_its_own(run):
    async def main():
        async with UnifiedWebSocketManager(clock=ManualClock()) as manager:
            socket = MemoryTransport()
            await manager.connect("ada", socket)
            await settle()
            shape = Envelope.EVENT_DATA.with_keys(run=from_context("run_id"))
            emitter = UnifiedWebSocketEmitter(manager, ADA, envelope=shape)
            await emitter.emit_agent_error("no", extra={"code": 3})
            await emitter.emit_frame({"as": "it is"})
            await settle()
            assert socket.messages == [
                {"event": "agent_error", "data": "no", "run": "r1", "code": 3},
                {"as": "it is"},
            ]

    run(main)


@pytest.mark.parametrize(
    ("envelope", "payload", "extra", "original"),
    [
        (
            Envelope.TYPE_PAYLOAD,
            {"n": 1},
            {"run_id": "r"},
            {"type": "agent_started", "payload": {"n": 1}, "run_id": "r"},
        ),
        (Envelope.TYPE_DATA, [1], {}, {"type": "agent_started", "data": [1]}),
        (Envelope.EVENT_DATA, None, {"ts": 1.5}, {"event": "agent_started", "data": None, "ts": 1.5}),
        (Envelope.FLAT, {"a": 1}, {"b": 2}, {"type": "agent_started", "a": 1, "b": 2}),
        (Envelope.FLAT, {}, {}, {"type": "agent_started"}),
    ],
)
def test_a_socket_gets_the_frame_that_the_statement_it_replaces_sent(run, envelope, payload, extra, original):
    async def main():
        socket = RecordingSocket(answers=["its answer"])
        emitter = UnifiedWebSocketEmitter.for_socket(socket, envelope=envelope)
        assert await emitter.emit_agent_started(payload, extra=extra) == "its answer"
        assert socket.sent == [original]
        assert list(socket.sent[0]) == list(original)
        await emitter.emit_frame(original)
        assert socket.sent[1] is original

    run(main)


@pytest.mark.parametrize("name", ["send_text", "send_str", "send"])
def test_a_socket_without_send_json_gets_text(run, name):
    async def main():
        socket = TextSocket(name)
        await UnifiedWebSocketEmitter.for_socket(socket).emit_agent_started({"é": 1})
        assert socket.sent == ['{"type":"agent_started","payload":{"é":1}}']

    run(main)


def test_what_cannot_send_is_no_socket():
    with pytest.raises(TypeError, match="object has none of send_json"):
        UnifiedWebSocketEmitter.for_socket(object())


def test_a_sink_may_be_any_function(run):
    async def main():
        texts = []
        emitter = UnifiedWebSocketEmitter.for_sink(lambda frame: texts.append(json.dumps(frame)))
        assert await emitter.emit("x", 1) is None
        assert texts == ['{"type": "x", "payload": 1}']

    run(main)


class OddError(Exception):
    pass


@pytest.mark.parametrize(
    "error", [RuntimeError("closed"), TypeError("no JSON"), OddError(), WebSocketPayloadError()]
)
def test_what_cannot_pass_is_raised_at_once_as_it_came(run, error):
    async def main():
        socket = RecordingSocket(answers=[error])
        emitter = UnifiedWebSocketEmitter.for_socket(socket, clock=ManualClock())
        with pytest.raises(type(error)) as caught:
            await emitter.emit_agent_started({})
        assert caught.value is error
        assert len(socket.sent) == 1
        assert emitter.metrics().failed == {"agent_started": 1}
        assert emitter.metrics().last_error == repr(error)

    run(main)


def test_what_may_pass_is_tried_again_with_back_off(run):
    async def main():
        clock = ManualClock()
        socket = RecordingSocket(answers=[ConnectionResetError(), TimeoutError(), "there"])
        emitter = UnifiedWebSocketEmitter.for_socket(socket, clock=clock)
        emitting = asyncio.create_task(emitter.emit_agent_started({}))
        await clock.advance(0.1)
        assert len(socket.sent) >= 2, "0.1 s is the longest first wait"
        await clock.advance(0.2)
        assert await emitting == "there"
        assert socket.sent == [{"type": "agent_started", "payload": {}}] * 3
        assert emitter.metrics().retries == 2

    run(main)


def test_after_the_last_attempt_the_error_is_raised_as_it_came(run):
    async def main():
        clock = ManualClock()
        errors = [ConnectionResetError(), TimeoutError()]
        retry = RetryPolicy(attempts=2)
        emitter = UnifiedWebSocketEmitter.for_sink(
            RecordingSocket(errors).send_json, clock=clock, retry=retry
        )
        emitting = asyncio.create_task(emitter.emit_agent_started({}))
        await clock.advance(1)
        with pytest.raises(TimeoutError):
            await emitting

    run(main)


def test_an_event_that_is_refused_goes_out_when_there_is_room_again(run):
    async def main():
        clock = ManualClock()
        async with UnifiedWebSocketManager(ManagerConfig(max_pending_events=1), clock=clock) as manager:
            emitter = UnifiedWebSocketEmitter(manager, ADA, clock=clock)
            await emitter.emit("x", 1)
            emitting = asyncio.create_task(emitter.emit("x", 2))
            await settle()
            socket = MemoryTransport()
            await manager.connect("ada", socket)
            await clock.advance(0.1)
            await emitting
            assert [message["payload"] for message in socket.messages] == [1, 2]
            await manager.disconnect(manager.connections_of("ada")[0].connection_id)
            await emitter.emit("x", 3)
            emitting = asyncio.create_task(emitter.emit("x", 4))
            await clock.advance(1)
            with pytest.raises(BacklogFullError):
                await emitting

    run(main)


def test_a_pool_never_lends_one_users_emitter_to_another(run):
    async def main():
        pool = WebSocketEmitterPool(WebSocketEmitterFactory(UnifiedWebSocketManager()), size=2)
        async with pool.emitter(ADA) as ada, pool.emitter(BOB) as bob:
            assert (ada.context, bob.context) == (ADA, BOB)
            assert pool.acquire(ADA) is not ada, "it is in use"
        assert pool.acquire(ADA) is ada
        pool.release(ada)
        for number in range(5):
            async with pool.emitter(UserExecutionContext(user_id=f"u{number}")):
                pass
        assert len(pool) == 2
        assert pool.acquire(ADA) is not ada, "the longest idle was forgotten"

    run(main)


def test_a_factory_binds_to_the_user():
    factory = WebSocketEmitterFactory(UnifiedWebSocketManager())
    assert factory.for_user("ada", run_id="r").context == UserExecutionContext(user_id="ada", run_id="r")
