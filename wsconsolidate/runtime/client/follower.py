"""The client's side of a session: what to say, and which of the frames that come are news; pure.

The loss ledger, `wsconsolidate loadtest` and Python clients use it; `session.js` does the same in
a browser. Whoever moves the bytes calls `resume` when a socket has opened, `take` with every text
that comes, and `ack` now and then.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..frames import PROTOCOL


class Missed(NamedTuple):
    """Numbers of an epoch that will never come: from `first` to `last`.

    With `last` None it is the rest of that epoch, and of what followed everything up to the position
    (`resumed_epoch`, `resumed_seq`) from which the client goes on.
    """

    epoch: str
    first: int
    last: int | None
    reason: str
    resumed_epoch: str
    resumed_seq: int


class News(NamedTuple):
    """An application frame that is new, and its number; None for one that may be dropped."""

    frame: Any
    seq: int | None


class Taken(NamedTuple):
    """What a text was: application frames that are new, in order, or a gap; and what to answer."""

    news: tuple[News, ...] = ()
    missed: Missed | None = None
    reply: str | None = None
    retry_after_ms: int | None = None


NOTHING = Taken()


@dataclass(slots=True)
class Follower:
    """Where a client is, which is all that it has to keep: `session_id`, `epoch` and `seq`.

    Example:
        >>> client = Follower()
        >>> client.resume()
        '{"ws":"resume","session_id":null,"epoch":null,"seq":0,"protocol":2}'
        >>> _ = client.take('{"ws":"hello","session_id":"s","epoch":"e","seq":0,"head":1,"window":50}')
        >>> client.take('{"ws":"event","seq":1,"frame":{"type":"agent_started"}}').news
        (News(frame={'type': 'agent_started'}, seq=1),)
        >>> client.take('{"ws":"event","seq":1,"frame":{"type":"agent_started"}}').news  # it has it
        ()
    """

    session_id: str | None = None
    epoch: str | None = None
    seq: int = 0
    window: int = 50
    waiting: bool = True
    acked: int = 0
    stuck_at: int | None = None
    duplicates: int = 0

    def resume(self) -> str:
        """What to say first on a new socket."""
        self.waiting = True
        self.stuck_at = None
        return _write(
            ws="resume", session_id=self.session_id, epoch=self.epoch, seq=self.seq, protocol=PROTOCOL
        )

    def ack(self) -> str | None:
        """What to say when nothing was said for a while, or None when there is nothing to be said."""
        if self.waiting or self.acked >= self.seq:
            return None
        self.acked = self.seq
        return _write(ws="ack", epoch=self.epoch, seq=self.seq)

    def take(self, text: str) -> Taken:
        """What the text is; everything before a hello is of no account."""
        said = json.loads(text)
        kind = said.get("ws") if isinstance(said, dict) else None
        if kind == "hello":
            return self._greeted(said)
        if self.waiting:
            return NOTHING
        match kind:
            case "event":
                return self._event(said)
            case "events":
                return self._events(said["seq"], said["frames"])
            case "gap":
                return self._gap(said)
            case "hb":
                return self._beat(said)
            case "drain":
                return Taken(retry_after_ms=said["retry_after_ms"])
        return NOTHING

    def _greeted(self, said: dict[str, Any]) -> Taken:
        self.waiting = False
        self.session_id, self.window = said["session_id"], said["window"]
        self.epoch, self.seq = said["epoch"], said["seq"]
        self.acked = self.seq
        return NOTHING

    def _event(self, said: dict[str, Any]) -> Taken:
        if "seq" not in said:
            return Taken((News(said["frame"], None),))
        return self._events(said["seq"], [said["frame"]])

    def _events(self, first: int, frames: Sequence[Any]) -> Taken:
        if first > self.seq + 1:
            return Taken(reply=self.resume())
        news = tuple(News(frame, seq) for seq, frame in enumerate(frames, first) if seq > self.seq)
        self.duplicates += len(frames) - len(news)
        self.seq += len(news)
        reply = self.ack() if 2 * (self.seq - self.acked) >= self.window else None
        return Taken(news, reply=reply)

    def _gap(self, said: dict[str, Any]) -> Taken:
        missed = Missed(
            str(self.epoch), said["first"], said["last"], said["reason"], said["epoch"], said["seq"]
        )
        self.epoch, self.seq = said["epoch"], said["seq"]
        self.acked = self.seq
        return Taken(missed=missed)

    def _beat(self, said: dict[str, Any]) -> Taken:
        lost = said["epoch"] != self.epoch or said["seq"] > self.seq
        stuck = said["head"] > self.seq and self.stuck_at == self.seq
        if lost or stuck:
            return Taken(reply=self.resume())
        self.stuck_at = self.seq if said["head"] > self.seq else None
        self.acked = self.seq
        return Taken(reply=_write(ws="hb", epoch=self.epoch, seq=self.seq))


def _write(**frame: str | int | None) -> str:
    return json.dumps(frame, separators=(",", ":"))
