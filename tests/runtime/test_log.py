from hypothesis import given
from hypothesis import strategies as st

from wsconsolidate.runtime.log import ENTRY_BYTES, Budget, Cursor, EventLog


def a_log(events=100, size=100_000, budget=1_000_000):
    return EventLog(Budget(budget), max_events=events, max_bytes=size)


def texts(log, cursor, *, events=64, size=10**6):
    return [entry.text for entry in log.after(cursor, max_events=events, max_bytes=size)]


def test_a_reader_gets_what_is_beyond_its_cursor():
    log = a_log()
    for text in "abcd":
        log.append(text, 1, 0.0)
    second = Cursor(2, 2 * (1 + ENTRY_BYTES))
    assert texts(log, log.tail) == ["a", "b", "c", "d"]
    assert texts(log, second) == ["c", "d"]
    assert texts(log, log.head) == []
    assert texts(log, log.tail, events=2) == ["a", "b"]
    assert texts(log, log.tail, size=1) == ["a"], "a page holds one entry at least"
    assert log.behind(second) == 2 * (1 + ENTRY_BYTES)


def test_room_is_bounded_in_events_in_bytes_and_over_all():
    assert not a_log(events=0).has_room(1)
    assert a_log(size=ENTRY_BYTES + 10).has_room(10)
    assert not a_log(size=ENTRY_BYTES + 10).has_room(11)
    budget = Budget(2 * (ENTRY_BYTES + 1))
    ada, bob = (EventLog(budget, max_events=9, max_bytes=10_000) for _ in "ab")
    ada.append("a", 1, 0.0)
    assert bob.affords(1)
    bob.append("b", 1, 0.0)
    assert not ada.affords(1)
    bob.release(bob.head)
    assert ada.affords(1)


def test_what_is_old_expires():
    log = a_log()
    for at in range(5):
        log.append(str(at), 1, float(at))
    assert log.expire(3.0) == 3
    assert texts(log, log.tail) == ["3", "4"]


@given(st.lists(st.one_of(st.text(max_size=9), st.integers(0, 3)), max_size=60), st.integers(1, 5))
def test_every_reader_gets_everything_once_and_in_order(steps, page):
    log, budget_before = a_log(events=1000), 0
    cursors, got, sent = [Cursor()] * 4, [[] for _ in range(4)], []
    for step in steps:
        if isinstance(step, str):
            log.append(step, len(step), 0.0)
            sent.append(step)
            continue
        for entry in log.after(cursors[step], max_events=page, max_bytes=1000):
            got[step].append(entry.text)
            cursors[step] = Cursor(entry.seq, entry.end)
        log.release(min(cursors, key=lambda cursor: cursor.seq))
        assert log.size == log.head.end - min(cursor.end for cursor in cursors)
    for reader in range(4):
        while page_of := log.after(cursors[reader], max_events=page, max_bytes=1000):
            got[reader].extend(entry.text for entry in page_of)
            cursors[reader] = Cursor(page_of[-1].seq, page_of[-1].end)
        assert got[reader] == sent
    log.release(log.head)
    assert (len(log), log.size, budget_before) == (0, 0, 0)
