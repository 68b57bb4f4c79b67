"""The pure parts: context, configuration, retries, liveness, the states of the bridge."""

from itertools import product

import pytest

from wsconsolidate.runtime import (
    BacklogFullError,
    BridgeState,
    ManagerConfig,
    RetryPolicy,
    UserExecutionContext,
    WebSocketAuthorizationError,
    WebSocketBackplaneError,
    WebSocketError,
    WebSocketPayloadError,
    WebSocketStateError,
)
from wsconsolidate.runtime.bridge_state import TRANSITIONS, require_transition
from wsconsolidate.runtime.liveness import Signs, is_stale
from wsconsolidate.runtime.testing import LossLedger, Tally


@pytest.mark.parametrize("nobody", ["", " ", None, 7])
def test_identity_is_never_guessed(nobody):
    with pytest.raises(WebSocketAuthorizationError):
        UserExecutionContext(user_id=nobody)


def test_every_bad_setting_is_named_at_once():
    with pytest.raises(ValueError, match=r"max_connections is 0.*pending_seconds is -1.*stale_after_seconds"):
        ManagerConfig(max_connections=0, pending_seconds=-1, stale_after_seconds=10)


def test_the_defaults_are_the_documented_ones():
    config = ManagerConfig()
    assert (config.max_connections_per_user, config.max_connections) == (3, 100)
    assert (config.heartbeat_seconds, config.stale_after_seconds, config.cleanup_seconds) == (30, 120, 30)
    assert (RetryPolicy().attempts, RetryPolicy().first_delay) == (3, 0.1)


def test_waits_double_up_to_the_longest_and_are_spread():
    policy = RetryPolicy(attempts=6, first_delay=1, longest_delay=5)
    assert list(policy.delays(lambda: 1.0)) == [1, 2, 4, 5, 5]
    assert list(policy.delays(lambda: 0.5)) == [0.5, 1, 2, 2.5, 2.5]


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (BacklogFullError("ada", 1, 1), True),
        (WebSocketBackplaneError(), True),
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (WebSocketPayloadError(), False),
        (WebSocketStateError(), False),
        (WebSocketAuthorizationError(), False),
        (RuntimeError(), False),
        (TypeError(), False),
    ],
)
def test_only_what_may_pass_is_tried_again(error, again):
    assert RetryPolicy().retries(error) is again


@pytest.mark.parametrize(
    ("seen", "blocked", "can_ping", "stale"),
    [
        (100, None, True, False),
        (79, None, True, True),
        (79, None, False, False),
        (0, 150, False, False),
        (100, 79, True, True),
        (200, 79, False, True),
    ],
)
def test_stale_is_silent_or_stuck(seen, blocked, can_ping, stale):
    assert is_stale(Signs(seen=seen, blocked_since=blocked, can_ping=can_ping), 200, 120) is stale


def test_a_bridge_goes_no_other_way():
    for before, after in product(BridgeState, BridgeState):
        if after in TRANSITIONS[before]:
            require_transition(before, after)
        else:
            with pytest.raises(WebSocketStateError):
                require_transition(before, after)


def test_a_code_base_may_hang_its_errors_into_the_tree():
    class MineError(WebSocketError):
        def __init__(self, code, detail=None):
            super().__init__(code)
            self.detail = detail

    assert MineError(4).detail is None


@pytest.mark.parametrize(
    ("saw", "accepted", "expected"),
    [
        ([0, 1, 2], 3, {"delivered": 3}),
        ([0, 2], 3, {"delivered": 2, "missing": 1}),
        ([0, 1], 3, {"delivered": 2, "missing": 1}),
        ([0, ("gap", 1), 2], 3, {"delivered": 2, "announced": 1}),
        ([0, ("gap", 1), 3], 4, {"delivered": 2, "announced": 1, "missing": 1}),
        ([0, ("lost", 9)], 9, {"delivered": 1, "announced": 8}),
        ([("lost", 4), 3, 5], 6, {"delivered": 2, "announced": 3, "missing": 1}),
        ([0, 1, ("lost", 6), 0, 2, 5, 6], 7, {"delivered": 5, "announced": 2, "repeated": 1}),
        ([0, ("lost", 2), 1, 4], 5, {"delivered": 3, "missing": 2}),
        ([0, 1, 1], 2, {"delivered": 2, "duplicated": 1}),
        ([1, 0], 2, {"delivered": 1, "missing": 1, "duplicated": 1}),
        ([0, "bob's", 1], 2, {"delivered": 2, "cross_user": 1}),
    ],
)
def test_the_ledger_tells_what_was_lost_in_silence(saw, accepted, expected):
    ledger = LossLedger()
    witness = ledger.witness("ada")

    def accept(through):
        while ledger.next_number("ada") < through:
            ledger.accepted("ada")

    for what in saw:
        match what:
            case ("lost", number):
                accept(number)
                witness.was_told(None)
            case ("gap", size):
                witness.was_told(size)
            case int(number):
                witness.saw("ada", number)
            case _:
                witness.saw("bob", 0)
    accept(accepted)
    assert ledger.tally() == Tally(accepted=accepted, **expected)
    assert ledger.tally().is_clean is not bool(expected.keys() - {"delivered", "announced", "repeated"})
