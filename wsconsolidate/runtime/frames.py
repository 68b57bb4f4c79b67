"""The session protocol's frames, from and to JSON text; pure.

A frame of the protocol has the key `ws`, which says what it is; everything else on the socket is the
application's. An application frame travels inside an `event` as it is, so that it is written as
JSON once for all connections, plain or not, and a browser's handlers see the same object.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple

from .errors import WebSocketError

PROTOCOL = 2
"""The version spoken here; since 2 one frame may carry several events. Each side speaks the lower one."""
LONGEST_SESSION_ID = 64
BEGINNING = '{"ws":'


class FrameError(WebSocketError, ValueError):
    """A client's frame claims to be of the protocol and is not well formed, or out of place."""


class Position(NamedTuple):
    """How far a client has got: the last number it has, of which epoch."""

    epoch: str
    seq: int


class Resume(NamedTuple):
    """A client wants to be a session: a new one, or one that has everything up to a position."""

    session_id: str | None
    position: Position | None
    protocol: int = 1


class Ack(NamedTuple):
    """A session has got everything up to a position; also its answer to a heartbeat."""

    position: Position


ClientFrame = Resume | Ack


class Gap(NamedTuple):
    """What a session will never get: the numbers from `first` to `last` (None: nobody knows), and why.

    `expired`: they are not kept any more. `epoch`: the log was lost and begins anew.
    """

    first: int
    last: int | None
    reason: str


def read(message: str | bytes) -> ClientFrame | None:
    """The frame, or None when the message is the application's.

    Raises:
        FrameError: it is a frame of the protocol, but not well formed.
    """
    if not isinstance(message, str) or not message.startswith(BEGINNING):
        return None
    try:
        said = json.loads(message)
    except (ValueError, RecursionError):
        return None
    match said:
        case {"ws": "ack" | "hb", "epoch": str(epoch), "seq": seq}:
            return Ack(Position(epoch, _number(seq)))
        case {"ws": "resume"}:
            return Resume(_session_id(said.get("session_id")), _position(said), _protocol(said))
    return None


def _number(seq: object) -> int:
    if type(seq) is int and seq >= 0:
        return seq
    raise FrameError(f"seq is a whole number, 0 or more, got {seq!r:.80}")


def _session_id(given: object) -> str | None:
    if given is None or (isinstance(given, str) and 0 < len(given) <= LONGEST_SESSION_ID):
        return given
    raise FrameError(f"session_id is a string of 1 to {LONGEST_SESSION_ID} characters or null")


def _position(said: dict[str, object]) -> Position | None:
    match said.get("epoch"):
        case None:
            return None
        case str(epoch):
            return Position(epoch, _number(said.get("seq")))
    raise FrameError("epoch is a string or null")


def _protocol(said: dict[str, object]) -> int:
    version = said.get("protocol", 1)
    if type(version) is int and version >= 1:
        return min(version, PROTOCOL)
    raise FrameError(f"protocol is a whole number, 1 or more, got {version!r:.80}")


def hello(
    *, session_id: str, at: Position, head: int, heartbeat_ms: int, window: int, protocol: int = PROTOCOL
) -> str:
    """The first frame of a session; `at` is the position from which it will be served."""
    return _write(
        ws="hello",
        protocol=protocol,
        session_id=session_id,
        epoch=at.epoch,
        seq=at.seq,
        head=head,
        heartbeat_ms=heartbeat_ms,
        window=window,
    )


def event(seq: int, text: str) -> str:
    """An application frame with its number."""
    return f'{{"ws":"event","seq":{seq},"frame":{text}}}'


def events(first: int, texts: Iterable[str]) -> str:
    """Application frames in a row, with the number of the first one."""
    return f'{{"ws":"events","seq":{first},"frames":[{",".join(texts)}]}}'


def passing(text: str) -> str:
    """An application frame without a number: one that may be dropped."""
    return f'{{"ws":"event","frame":{text}}}'


def replay_begin(first: int, last: int) -> str:
    """What was missed follows, from number to number."""
    return _write(ws="replay_begin", first=first, last=last)


def live(head: int) -> str:
    """What was missed has been sent; what follows is new."""
    return _write(ws="live", head=head)


def gap(missing: Gap, resumed: Position) -> str:
    """Some events will never come; the client goes on as one that has everything up to `resumed`."""
    return _write(
        ws="gap",
        first=missing.first,
        last=missing.last,
        reason=missing.reason,
        epoch=resumed.epoch,
        seq=resumed.seq,
    )


def beat(sent: Position, head: int) -> str:
    """A sign of life, with what was sent and the head: whoever has less has lost the last events."""
    return _write(ws="hb", epoch=sent.epoch, seq=sent.seq, head=head)


def drain(retry_after_ms: int) -> str:
    """The server is about to close: come back after so many milliseconds."""
    return _write(ws="drain", retry_after_ms=retry_after_ms)


def _write(**frame: str | int | None) -> str:
    return json.dumps(frame, separators=(",", ":"))
