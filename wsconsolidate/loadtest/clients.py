"""The clients of a load test: each asks for rounds of events and enters what it sees into the ledger."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from time import perf_counter
from typing import Any

from wsconsolidate.loadtest.plan import LoadTestError, Outcome, Plan
from wsconsolidate.runtime.client.follower import Follower
from wsconsolidate.runtime.testing import LossLedger, Witness

OPENING_SECONDS = 30.0
AT_ONCE = 100

OnProgress = Callable[[int, int], None]


class Client:
    """One user's client, plain or a session."""

    def __init__(self, plan: Plan, user_id: str, ledger: LossLedger, *, reconnects: bool) -> None:
        self.user_id = user_id
        self.witness: Witness = ledger.witness(user_id)
        self.latencies: list[float] = []
        self.reconnections = 0
        self._plan = plan
        self._ledger = ledger
        self._reconnects_at = plan.rounds // 2 if reconnects else None
        self._follower = Follower() if plan.sessions else None
        self._seen: Counter[str] = Counter()
        self._asked = 0.0
        self._socket: Any = None

    async def open(self) -> None:
        """Connect, and be greeted when it is a session."""
        from websockets.asyncio.client import connect

        self._socket = await connect(
            self._filled(self._plan.url, 0),
            additional_headers=[(name, self._filled(value, 0)) for name, value in self._plan.headers],
            compression=None,
            ping_interval=None,
            max_queue=None,
            open_timeout=OPENING_SECONDS,
        )
        if self._follower is not None:
            await self._socket.send(self._follower.resume())
            while self._follower.waiting:
                self._take(await self._socket.recv())

    async def run(self, on_round: Callable[[], None]) -> None:
        """All rounds, one after the other: the next begins when the events of this one have come."""
        for number in range(self._plan.rounds):
            for _ in self._plan.events:
                self._ledger.accepted(self.user_id)
            self._asked = perf_counter()
            await self._socket.send(self._filled(self._plan.message, number))
            async with asyncio.timeout(self._plan.patience_seconds):
                if number == self._reconnects_at:
                    await self._read()  # the server has heard: what is lost from now on is its loss
                    await self._break()
                while not self._has_all():
                    await self._read()
            on_round()
        if self._follower is not None and (last := self._follower.ack()):
            await self._socket.send(last)

    async def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            await self._socket.close()

    def _has_all(self) -> bool:
        witness = self.witness
        return bool(witness.gaps) or witness.expected >= self._ledger.next_number(self.user_id)

    async def _break(self) -> None:
        self._socket.transport.abort()
        await self._socket.wait_closed()
        self.reconnections += 1
        await self.open()

    async def _read(self) -> None:
        reply = self._take(await self._socket.recv())
        if reply is not None:
            await self._socket.send(reply)

    def _take(self, text: str) -> str | None:
        if self._follower is None:
            self._saw(json.loads(text))
            return None
        taken = self._follower.take(text)
        for frame, _ in taken.news:
            self._saw(frame)
        if taken.missed is not None:
            first, last = taken.missed.first, taken.missed.last
            self.witness.was_told(None if last is None else last - first + 1)
        return taken.reply

    def _saw(self, frame: Any) -> None:
        if not isinstance(frame, dict):
            return
        name = frame.get("type", frame.get("event"))
        if name not in self._plan.events:
            return
        self.latencies.append(1000 * (perf_counter() - self._asked))
        number = self._seen[name] * len(self._plan.events) + self._plan.events.index(name)
        self._seen[name] += 1
        self.witness.saw(_owner(frame) or self.user_id, number)

    def _filled(self, text: str, number: int) -> str:
        return text.replace("{user}", self.user_id).replace("{round}", str(number))


async def run(plan: Plan, on_progress: OnProgress) -> Outcome:
    """Connect all clients, run all rounds, and count.

    Raises:
        LoadTestError: the clients cannot connect.
    """
    ledger = LossLedger()
    few = plan.users * plan.reconnecting // 100
    clients = [Client(plan, f"user{n}", ledger, reconnects=n < few) for n in range(plan.users)]
    try:
        await _open_all(clients, plan)
        begun = perf_counter()
        errors = await _run_all(clients, plan, on_progress)
        seconds = perf_counter() - begun
    finally:
        await asyncio.gather(*(client.close() for client in clients), return_exceptions=True)
    return Outcome(
        plan=plan,
        tally=ledger.tally(),
        seconds=seconds,
        latencies=tuple(sorted(ms for client in clients for ms in client.latencies)),
        reconnections=sum(client.reconnections for client in clients),
        errors=errors,
    )


async def _open_all(clients: list[Client], plan: Plan) -> None:
    from websockets.exceptions import WebSocketException

    gate = asyncio.Semaphore(AT_ONCE)

    async def opened(client: Client) -> None:
        async with gate:
            await client.open()

    try:
        await asyncio.gather(*map(opened, clients))
    except (OSError, TimeoutError, WebSocketException) as error:
        raise LoadTestError(f"cannot connect {len(clients)} clients to {plan.url}: {error}") from error


async def _run_all(clients: list[Client], plan: Plan, on_progress: OnProgress) -> tuple[str, ...]:
    done = 0

    def on_round() -> None:
        nonlocal done
        done += 1
        on_progress(done, plan.users * plan.rounds)

    answers = await asyncio.gather(*(client.run(on_round) for client in clients), return_exceptions=True)
    failed = Counter(_said(answer) for answer in answers if answer is not None)
    return tuple(f"{number} clients: {text}" for text, number in sorted(failed.items()))


def _said(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "the events of a round did not come in time"
    return f"{type(error).__name__}: {error}"


def _owner(frame: dict[str, Any]) -> str | None:
    for holder in (frame, frame.get("payload"), frame.get("data")):
        if isinstance(holder, dict) and isinstance(owner := holder.get("user", holder.get("user_id")), str):
            return owner
    return None
