"""The pure session: what goes out for what comes in."""

import json
from pathlib import Path

import pytest

from wsconsolidate.runtime import WebSocketStateError, frames
from wsconsolidate.runtime.client.follower import Follower, Missed
from wsconsolidate.runtime.frames import Ack, FrameError, Position, Resume
from wsconsolidate.runtime.log import Budget, Cursor, EventLog
from wsconsolidate.runtime.phase import STEPS, Phase, Step, after, diagram
from wsconsolidate.runtime.session import MOST_UNREAD, SessionReader, SessionTerms

FRESH = Resume(None, None)


def a_log(events, *, max_events=1000, epoch="E", start=0):
    log = EventLog(Budget(10**9), max_events=max_events, max_bytes=10**9, epoch=epoch, start=start, keep=True)
    for number in range(events):
        log.append(f'"{number}"', 3, 0.0)
        log.release(log.head)
    return log


def a_session(log, resume=FRESH, *, window=50, began=None):
    terms = SessionTerms(heartbeat_ms=30_000, window=window)
    return SessionReader(log, resume, began=began or Cursor(), session_id="s", terms=terms)


def page(session):
    found = session.page()
    return [brief(json.loads(text)) for text in found.texts] if found else []


def brief(frame):
    """A frame as one short row: its kind and what matters of it."""
    match frame:
        case {"ws": "event", "seq": seq}:
            return seq
        case {"ws": "events", "seq": first, "frames": several}:
            return [first, *several]
        case {"ws": "event", "frame": passing}:
            return ("passing", passing)
        case {"ws": "gap"}:
            return ("gap", frame["first"], frame["last"], frame["reason"], frame["epoch"], frame["seq"])
        case {"ws": "hello"}:
            return ("hello", frame["epoch"], frame["seq"], frame["head"])
        case {"ws": kind}:
            return (kind, *[value for key, value in frame.items() if key not in ("ws", "epoch")])


HELLO_0 = ("hello", "E", 0, 0)


@pytest.mark.parametrize(
    ("log", "resume", "expected"),
    [
        pytest.param(a_log(0), FRESH, [HELLO_0, ("live", 0)], id="nothing yet"),
        pytest.param(
            a_log(2),
            FRESH,
            [("hello", "E", 0, 2), ("replay_begin", 1, 2), 1, 2, ("live", 2)],
            id="a new session gets what waited",
        ),
        pytest.param(
            a_log(3),
            Resume("s", Position("E", 2)),
            [("hello", "E", 2, 3), ("replay_begin", 3, 3), 3, ("live", 3)],
            id="one that comes back gets what it missed",
        ),
        pytest.param(
            a_log(3), Resume("s", Position("E", 3)), [("hello", "E", 3, 3), ("live", 3)], id="nothing missed"
        ),
        pytest.param(
            a_log(9, max_events=3),
            Resume("s", Position("E", 6)),
            [("hello", "E", 6, 9), ("replay_begin", 7, 9), 7, 8, 9, ("live", 9)],
            id="just what is kept is missing",
        ),
        pytest.param(
            a_log(9, max_events=3),
            Resume("s", Position("E", 2)),
            [
                ("hello", "E", 2, 9),
                ("gap", 3, 6, "expired", "E", 6),
                ("replay_begin", 7, 9),
                7,
                8,
                9,
                ("live", 9),
            ],
            id="what is not kept any more is a gap",
        ),
        pytest.param(
            a_log(2, epoch="F"),
            Resume("s", Position("E", 7)),
            [
                ("hello", "E", 7, 2),
                ("gap", 8, None, "epoch", "F", 0),
                ("replay_begin", 1, 2),
                1,
                2,
                ("live", 2),
            ],
            id="another epoch: a gap, and all there is",
        ),
        *(
            pytest.param(
                a_log(3, epoch=epoch),
                Resume("s", Position("E", 2)),
                [
                    ("hello", "E", 2, 3),
                    ("gap", 3, None, "epoch", epoch, 0),
                    ("replay_begin", 1, 3),
                    1,
                    2,
                    3,
                    ("live", 3),
                ],
                id=f"another epoch, {epoch}, that has as many numbers",
            )
            for epoch in ("D", "F")
        ),
        pytest.param(
            a_log(1),
            Resume("s", Position("E", 5)),
            [("hello", "E", 5, 1), ("gap", 6, None, "epoch", "E", 0), ("replay_begin", 1, 1), 1, ("live", 1)],
            id="a log that went back in the same epoch",
        ),
        pytest.param(
            a_log(0, start=7),
            Resume("s", Position("E", 3)),
            [("hello", "E", 3, 7), ("gap", 4, 7, "expired", "E", 7), ("live", 7)],
            id="a user who was forgotten",
        ),
    ],
)
def test_a_resume_is_answered(log, resume, expected):
    assert page(a_session(log, resume)) == expected


def test_what_is_new_follows_and_passing_frames_go_between():
    log = a_log(0)
    session = a_session(log)
    assert page(session) == [HELLO_0, ("live", 0)]
    assert page(session) == []
    log.append('"x"', 3, 0.0)
    session.replace_latest("progress", '"40 %"')
    assert session.replace_latest("progress", '"50 %"')
    assert page(session) == [1, ("passing", "50 %")]


def test_no_more_is_sent_than_may_be_unacknowledged():
    log = a_log(10)
    session = a_session(log, window=4)
    assert page(session)[2:] == [1, 2, 3, 4]
    assert (page(session), session.unacknowledged) == ([], 4)
    assert session.ack(Position("E", 3))
    assert not session.ack(Position("E", 3)), "again is no news"
    assert not session.ack(Position("E", 2)), "an older one is no news"
    assert not session.ack(Position("D", 4)), "nor is one of another epoch"
    assert not session.ack(Position("F", 4))
    assert page(session) == [5, 6, 7]
    session.ack(Position("E", 7))
    assert page(session) == [8, 9, 10, ("live", 10)]
    assert session.unacknowledged == 3
    with pytest.raises(FrameError, match="11 was acknowledged, 10 was the last"):
        session.ack(Position("E", 11))


def test_a_heartbeat_comes_after_what_it_speaks_of_and_carries_the_head():
    log = a_log(3)
    session = a_session(log, window=2)
    session.beat()
    assert page(session)[2:] == [1, 2, ("hb", 2, 3)]
    session.beat()
    assert page(session) == [("hb", 2, 3)]
    assert page(session) == [], "once"


def test_what_the_log_gives_up_behind_a_sessions_back_is_announced():
    log = a_log(0)
    session = a_session(log)
    page(session)
    for number in range(5):
        log.append(f'"{number}"', 3, float(number))
    log.expire(3.0)
    assert page(session) == [("gap", 1, 3, "expired", "E", 3), 4, 5]
    log.restart("F", 0)
    log.append('"again"', 7, 0.0)
    session.log_restarted()
    assert page(session) == [("gap", 6, None, "epoch", "F", 0), 1]
    assert session.gaps == 2


def test_a_client_may_ask_again_on_the_same_connection():
    log = a_log(3)
    session = a_session(log)
    page(session)
    session.resume(Resume("s", Position("E", 1)))
    assert page(session) == [("hello", "E", 1, 3), ("replay_begin", 2, 3), 2, 3, ("live", 3)]


def test_who_asks_again_and_again_and_reads_nothing_is_refused():
    session = a_session(a_log(0))
    for _ in range(MOST_UNREAD):
        session.resume(FRESH)
    with pytest.raises(FrameError, match="unread"):
        session.resume(FRESH)


def test_a_draining_session_still_gets_what_comes():
    log = a_log(0)
    session = a_session(log)
    page(session)
    session.drain(250)
    log.append('"x"', 3, 0.0)
    assert page(session) == [("drain", 250), 1]
    with pytest.raises(WebSocketStateError, match="draining cannot resume"):
        session.resume(FRESH)


@pytest.mark.parametrize(
    ("protocol", "events", "expected"),
    [
        (1, 3, [1, 2, 3]),
        (2, 3, [[1, "0", "1", "2"]]),
        (2, 2, [[1, "0", "1"]]),
        (2, 1, [1]),
    ],
)
def test_who_understands_it_gets_several_events_in_one_frame(protocol, events, expected):
    session = a_session(a_log(events), Resume(None, None, protocol), window=64)
    assert page(session)[2:-1] == expected


def test_there_is_no_frame_without_an_event():
    session = a_session(a_log(3), Resume(None, None, 2), window=2)
    page(session)
    session.beat()
    assert page(session) == [("hb", 2, 3)], "two are unacknowledged, the third has to wait"


def test_events_in_one_frame_are_bounded_as_a_page_is():
    session = a_session(a_log(70), Resume(None, None, 2), window=70)
    assert [frame[0] for frame in (*page(session), *page(session)) if isinstance(frame, list)] == [1, 65]


@pytest.mark.parametrize(
    ("message", "frame"),
    [
        ('{"ws":"resume","session_id":null,"epoch":null,"seq":0}', FRESH),
        ('{"ws": "resume", "session_id": "s", "epoch": "E", "seq": 7}', Resume("s", Position("E", 7))),
        ('{"ws":"resume","protocol":2}', Resume(None, None, 2)),
        ('{"ws":"resume","protocol":99}', Resume(None, None, frames.PROTOCOL)),
        ('{"ws":"ack","epoch":"E","seq":3}', Ack(Position("E", 3))),
        ('{"ws":"hb","epoch":"E","seq":0}', Ack(Position("E", 0))),
        ('{"ws":"ack","seq":3}', None),
        ('{"ws":"other"}', None),
        ('{"ws":', None),
        ('{"type":"resume","run_id":"r"}', None),
        (b'{"ws":"ack","epoch":"E","seq":3}', None),
        ("[]", None),
    ],
)
def test_only_frames_of_the_protocol_are_read(message, frame):
    assert frames.read(message) == frame


@pytest.mark.parametrize(
    "message",
    [
        '{"ws":"ack","epoch":"E","seq":-1}',
        '{"ws":"ack","epoch":"E","seq":true}',
        '{"ws":"hb","epoch":"E","seq":"1"}',
        '{"ws":"resume","session_id":7}',
        '{"ws":"resume","session_id":""}',
        f'{{"ws":"resume","session_id":"{"x" * 65}"}}',
        '{"ws":"resume","epoch":"E"}',
        '{"ws":"resume","epoch":1,"seq":0}',
        '{"ws":"resume","protocol":0}',
        '{"ws":"resume","protocol":"2"}',
    ],
)
def test_what_only_claims_to_be_a_frame_is_refused(message):
    with pytest.raises(FrameError):
        frames.read(message)


def test_every_step_is_in_the_table_or_raises():
    for phase in Phase:
        for step in Step:
            if (phase, step) in STEPS:
                assert after(phase, step) is STEPS[phase, step]
            else:
                with pytest.raises(WebSocketStateError):
                    after(phase, step)
    assert {phase for phase, _ in STEPS} == set(Phase) - {Phase.CLOSED}


# The client's side


def greeted(**where):
    client = Follower(**where)
    client.resume()
    client.take(frames.hello(session_id="s", at=Position("E", client.seq), head=9, heartbeat_ms=1, window=8))
    return client


def test_what_comes_before_hello_is_of_no_account():
    client = Follower()
    client.resume()
    assert client.take(frames.event(1, '"x"')) == client.take('{"type":"plain"}')
    assert client.seq == 0


def test_the_client_takes_each_number_once_and_acknowledges_half_of_the_window():
    client = greeted()
    taken = [client.take(frames.event(seq, f'"{seq}"')) for seq in (1, 1, 2, 3, 4)]
    assert [each.news for each in taken] == [(("1", 1),), (), (("2", 2),), (("3", 3),), (("4", 4),)]
    assert [each.reply for each in taken] == [
        None,
        None,
        None,
        None,
        '{"ws":"ack","epoch":"E","seq":4}',
    ]
    assert client.ack() is None
    client.take(frames.event(5, '"5"'))
    assert (client.ack(), client.ack(), client.duplicates) == ('{"ws":"ack","epoch":"E","seq":5}', None, 1)


@pytest.mark.parametrize(
    ("had", "news", "duplicates"),
    [
        (0, ((1, 1), (2, 2), (3, 3)), 0),
        (2, ((3, 3),), 2),
        (3, (), 3),
    ],
)
def test_the_client_takes_of_several_events_those_that_it_has_not(had, news, duplicates):
    client = greeted(epoch="E", seq=had)
    taken = client.take(frames.events(1, ["1", "2", "3"]))
    assert (taken.news, client.seq, client.duplicates) == (news, 3, duplicates)


@pytest.mark.parametrize(
    ("text", "asks_again"),
    [
        (frames.event(3, '"x"'), True),
        (frames.events(3, ['"x"', '"y"']), True),
        (frames.beat(Position("E", 2), 2), True),
        (frames.beat(Position("F", 1), 1), True),
        (frames.beat(Position("E", 1), 1), False),
        (frames.beat(Position("E", 1), 5), False),
    ],
)
def test_a_client_that_sees_a_hole_asks_again(text, asks_again):
    client = greeted()
    client.take(frames.event(1, '"x"'))
    reply = client.take(text).reply
    resume = {"ws": "resume", "session_id": "s", "epoch": "E", "seq": 1, "protocol": frames.PROTOCOL}
    assert json.loads(reply) == (resume if asks_again else {"ws": "hb", "epoch": "E", "seq": 1})


def test_a_client_that_stays_behind_the_head_asks_again():
    client = greeted()
    behind = frames.beat(Position("E", 0), 5)
    assert json.loads(client.take(behind).reply)["ws"] == "hb"
    assert json.loads(client.take(behind).reply)["ws"] == "resume"


def test_a_gap_moves_the_client_on():
    client = greeted(epoch="E", seq=4)
    taken = client.take(frames.gap(frames.Gap(5, None, "epoch"), Position("F", 2)))
    assert taken.missed == Missed("E", 5, None, "epoch", "F", 2)
    assert (client.epoch, client.seq) == ("F", 2)


def test_the_documentation_has_the_table_of_phases():
    page = Path(__file__).parents[2] / "docs" / "runtime.md"
    assert f"```mermaid\n{diagram()}\n```" in page.read_text("utf-8")
