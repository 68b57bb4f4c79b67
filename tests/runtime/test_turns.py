"""When frames are written: a lone one at once, a burst at the end of the turn, and a store's always then."""

import asyncio

import pytest

from wsconsolidate.runtime.log import Budget, EventLog
from wsconsolidate.runtime.stream import UserStream
from wsconsolidate.runtime.turns import COALESCED_BYTES, Turns


class Recorder:
    """Streams, and how many of each one's events every write had."""

    def __init__(self):
        self.turns = Turns(self.write)
        self.streams = {name: UserStream(name, self.a_log()) for name in ("ada", "bob")}
        self.written = dict.fromkeys(self.streams, 0)
        self.writes = []

    @staticmethod
    def a_log():
        return EventLog(Budget(10**9), max_events=10**6, max_bytes=10**9)

    def write(self, stream):
        head = stream.log.head.seq
        self.writes.append((stream.user_id, head - self.written[stream.user_id]))
        self.written[stream.user_id] = head

    def append(self, name, *, size=10, how="append"):
        stream = self.streams[name]
        before = stream.log.head.end
        stream.log.append("x", size, 0.0)
        getattr(self.turns, how)(stream, before)

    def wait(self, name):
        self.append(name, how="wait")


async def the_loop_turns(number=1):
    for _ in range(number):
        await asyncio.sleep(0)


def test_a_lone_frame_is_written_at_once_and_those_that_follow_together(run):
    async def main():
        seen = Recorder()
        seen.append("ada")
        assert seen.writes == [("ada", 1)]
        seen.append("ada")
        seen.append("ada")
        seen.append("bob")
        assert seen.writes == [("ada", 1), ("bob", 1)]
        await the_loop_turns()
        assert seen.writes == [("ada", 1), ("bob", 1), ("ada", 2)]
        seen.append("ada")
        await the_loop_turns()
        assert seen.writes[3:] == [("ada", 1)], "it had frames in the last turn"
        await the_loop_turns(3)
        assert seen.writes[4:] == [], "nothing is written that was"
        seen.append("ada")
        assert seen.writes[4:] == [("ada", 1)], "the burst is over"

    run(main)


def test_a_burst_that_grows_large_does_not_wait(run):
    async def main():
        seen = Recorder()
        for _ in range(3):
            seen.append("ada", size=COALESCED_BYTES // 2)
        assert seen.writes == [("ada", 1), ("ada", 2)]
        await the_loop_turns(2)
        assert seen.writes == [("ada", 1), ("ada", 2)]

    run(main)


def test_what_may_wait_is_written_at_the_end_also_if_it_is_alone(run):
    async def main():
        seen = Recorder()
        seen.wait("ada")
        seen.wait("bob")
        seen.wait("ada")
        assert seen.writes == []
        await the_loop_turns()
        assert seen.writes == [("ada", 2), ("bob", 1)]

    run(main)


@pytest.mark.parametrize(("waits", "writes"), [(False, []), (True, [("ada", 1)])])
def test_a_turn_may_be_ended_early(run, waits, writes):
    async def main():
        seen = Recorder()
        if waits:
            seen.wait("ada")
        assert seen.turns.end() is waits
        assert seen.writes == writes
        await the_loop_turns(2)
        assert seen.writes == writes

    run(main)
