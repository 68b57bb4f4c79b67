from hypothesis import given
from hypothesis import strategies as st

from wsconsolidate.runtime.log import ENTRY_BYTES, Budget, Cursor, EventLog


def a_log(events=100, size=100_000, budget=1_000_000):
    return EventLog(Budget(budget), max_events=events, max_bytes=size)


def texts(log, cursor, *, events=64, size=10**6):
    return log.after(cursor, max_events=events, max_bytes=size).texts


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


def test_the_memory_of_all_is_bounded_to_the_byte():
    budget = Budget(1000)
    log = EventLog(budget, max_events=9, max_bytes=10_000)
    log.append("x" * 100, 100, 0.0)
    assert budget.used == 100 + ENTRY_BYTES
    room = 1000 - budget.used - ENTRY_BYTES
    assert [log.affords(size) for size in (0, room, room + 1)] == [True, True, False]


def test_a_page_and_what_is_kept_are_bounded_in_bytes_wherever_they_begin():
    cost = ENTRY_BYTES + 1
    log = EventLog(Budget(10**6), max_events=99, max_bytes=4 * cost, keep=True)
    for number in range(9):
        log.append(str(number), 1, 0.0)
        log.release(log.head)
    assert texts(log, log.tail) == ["5", "6", "7", "8"]
    assert texts(log, log.at(6), size=2 * cost) == ["6", "7"]
    assert texts(log, log.at(6), size=2 * cost - 1) == ["6"]


def test_what_is_put_back_stands_before_the_oldest():
    budget = Budget(10**6)
    log = EventLog(budget, max_events=9, max_bytes=10_000, epoch="E", start=4, keep=True)
    log.append("five", 4, 5.0)
    for text, at in (("four", 4.0), ("the third", 3.0)):
        log.prepend(text, len(text), at)
    assert (log.tail.seq, log.head.seq, len(log)) == (2, 5, 3)
    assert texts(log, log.tail) == ["the third", "four", "five"]
    assert log.oldest_at == 3.0
    assert texts(log, log.at(3)) == ["four", "five"]
    assert texts(log, log.at(4)) == ["five"]
    assert [log.came_at(seq) for seq in (1, 2, 3, 4, 5, 6, 7)] == [None, None, 3.0, 4.0, 5.0, None, None]
    assert log.at(0) == (0, log.tail.end), "what is gone lies just before the oldest"
    assert budget.used == log.size == 4 + 4 + 9 + 3 * ENTRY_BYTES
    assert log.behind(log.at(3)) == 4 + 4 + 2 * ENTRY_BYTES
    assert (log.shed(), log.tail.seq) == (9 + 4 + 2 * ENTRY_BYTES, 4), "it was delivered before"
    assert budget.used == log.size == 4 + ENTRY_BYTES


def test_eviction_makes_as_much_room_as_is_asked_for_to_the_byte():
    def after_eviction(size):
        log = EventLog(Budget(10**6), max_events=9, max_bytes=3 * (ENTRY_BYTES + 10), keep=True)
        for text in "abc":
            log.append(text * 10, 10, 0.0)
        log.evict(size)
        return len(log), log.has_room(size)

    assert after_eviction(10) == (2, True)
    assert after_eviction(11) == (1, True)
    assert after_eviction(ENTRY_BYTES + 20) == (1, True)
    assert after_eviction(ENTRY_BYTES + 21) == (0, True)


def test_what_is_old_expires():
    log = a_log()
    for at in range(5):
        log.append(str(at), 1, float(at))
    assert log.expire(2.5) == 3
    assert texts(log, log.tail) == ["3", "4"]
    log.release(log.at(4))
    for number in (5, 6):
        log.append(str(number), 1, 3.0)
    assert log.expire(9.0, delivered_only=True) == 0
    assert texts(log, log.tail) == ["4", "5", "6"], "somebody has yet to get them"


@given(st.lists(st.one_of(st.text(max_size=9), st.integers(0, 3)), max_size=60), st.integers(1, 5))
def test_every_reader_gets_everything_once_and_in_order(steps, page):
    budget = Budget(10**6)
    log = EventLog(budget, max_events=1000, max_bytes=100_000)
    cursors, got, sent = [Cursor()] * 4, [[] for _ in range(4)], []
    for step in steps:
        if isinstance(step, str):
            log.append(step, len(step), 0.0)
            sent.append(step)
            continue
        _, some, cursors[step] = log.after(cursors[step], max_events=page, max_bytes=1000)
        got[step] += some
        log.release(min(cursors, key=lambda cursor: cursor.seq))
        assert log.size == log.head.end - min(cursor.end for cursor in cursors)
    for reader in range(4):
        while (run := log.after(cursors[reader], max_events=page, max_bytes=1000)).texts:
            assert run.first == len(got[reader]) + 1
            assert run.reaches == log.at(run.reaches.seq)
            got[reader] += run.texts
            cursors[reader] = run.reaches
        assert got[reader] == sent
    log.release(log.head)
    assert (len(log), log.size, budget.used) == (0, 0, 0)


def kept(events, *, max_events=5, max_bytes=10_000):
    log = EventLog(Budget(10**6), max_events=max_events, max_bytes=max_bytes, keep=True)
    for number in range(events):
        log.append(str(number), 1, float(number))
    return log


def test_what_is_delivered_is_kept_and_makes_room_first():
    log = kept(3)
    log.release(log.at(3))
    log.release(log.at(1))
    assert log.delivered == log.head, "what is delivered stays so"
    assert (len(log), log.pending_events, log.pending_bytes) == (3, 0, 0)
    for number in range(3, 9):
        log.append(str(number), 1, float(number))
    assert texts(log, log.tail) == ["3", "4", "5", "6", "7", "8"], "what waits is never dropped by an append"
    assert (log.pending_events, log.has_room(1)) == (6, False)


def test_eviction_gives_up_the_oldest_and_says_how_many():
    log = kept(5)
    log.release(log.at(1))
    assert (log.evict(1), log.tail.seq) == (0, 1), "to forget what is delivered is enough"
    log.append("5", 1, 5.0)
    assert log.evict(1) == 1
    assert texts(log, log.tail) == ["2", "3", "4", "5"]
    assert (log.delivered.seq, log.has_room(1)) == (2, True)


def test_eviction_brings_a_log_that_grew_beyond_its_bounds_back_within():
    log = kept(8, max_events=5)
    assert len(log) == 8, "somebody was there to get them"
    assert (log.evict(1), texts(log, log.tail)) == (4, ["4", "5", "6", "7"])


def test_shedding_and_restarting_give_the_bytes_back():
    budget = Budget(10**6)
    log = EventLog(budget, max_events=9, max_bytes=10_000, keep=True)
    for number in range(4):
        log.append(str(number), 1, 0.0)
    log.release(log.at(3))
    assert log.shed() == 3 * (ENTRY_BYTES + 1)
    assert log.oldest_at == 0.0
    log.restart("F", 7)
    assert (len(log), log.oldest_at) == (0, None)
    assert (budget.used, log.pending_bytes, log.head.seq, log.epoch) == (0, 0, 7, "F")


@given(st.lists(st.tuples(st.sampled_from("aerxsv"), st.integers(0, 9)), max_size=60))
def test_the_budget_is_the_sum_of_what_is_kept(steps):
    budget = Budget(10**6)
    log = EventLog(budget, max_events=4, max_bytes=2_000, keep=True)
    for number, (step, value) in enumerate(steps):
        match step:
            case "a":
                log.append("x" * value, value, float(number))
            case "e":
                log.evict(value)
            case "r":
                log.release(log.at(min(log.head.seq, log.delivered.seq + value)))
            case "x":
                log.expire(float(value))
            case "s":
                log.shed()
            case "v":
                log.expire(float(value), delivered_only=True)
        assert budget.used == sum(len(text) + ENTRY_BYTES for text in texts(log, log.tail)) == log.size
        assert log.pending_bytes >= 0
        assert log.tail.seq <= log.delivered.seq <= log.head.seq
