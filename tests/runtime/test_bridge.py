import asyncio

import pytest

from wsconsolidate.runtime import (
    CRITICAL_EVENTS,
    AgentWebSocketBridge,
    BacklogFullError,
    BridgeConfig,
    BridgeState,
    Health,
    HealthStatus,
    ManagerConfig,
    MemoryBackplane,
    MonitorableComponent,
    RetryPolicy,
    UnifiedWebSocketManager,
    UserExecutionContext,
    WebSocketBackplaneError,
    WebSocketPayloadError,
    WebSocketStateError,
)
from wsconsolidate.runtime.testing import ManualClock, MemoryTransport, settle

ADA = UserExecutionContext(user_id="ada", run_id="r1")


class ShakyManager:
    """A manager whose health and acceptance are switched by the test."""

    def __init__(self):
        self.well = True
        self.comes_back_at_start = 0
        self.error = None
        self.started = self.stopped = 0

    async def start(self):
        self.started += 1
        await asyncio.sleep(0)
        if self.comes_back_at_start and self.started >= self.comes_back_at_start:
            self.well = True

    async def stop(self):
        self.stopped += 1

    async def connect(self, user_id, websocket):
        raise NotImplementedError

    async def disconnect(self, connection_id):
        raise NotImplementedError

    async def emit_critical_event(self, _user_id, event_type, _data, **_more):
        if self.error is not None:
            raise self.error
        return event_type

    def health(self):
        return (
            Health(HealthStatus.HEALTHY) if self.well else Health(HealthStatus.UNHEALTHY, "the wire is cut")
        )


def a_bridge(manager=None):
    manager, clock = manager or ShakyManager(), ManualClock()
    config = BridgeConfig(retry=RetryPolicy(attempts=1))
    return AgentWebSocketBridge(manager, config=config, clock=clock), manager, clock


def states_of(bridge):
    states = []
    bridge.add_observer(lambda component, _: states.append(component.state))
    return states


def test_the_mro_is_the_documented_one():
    assert [kind.__name__ for kind in AgentWebSocketBridge.__mro__] == [
        "AgentWebSocketBridge",
        "MonitorableComponent",
        "ABC",
        "object",
    ]
    with pytest.raises(TypeError):
        MonitorableComponent()


def test_five_events_reach_the_user(run):
    async def main():
        clock = ManualClock()
        manager = UnifiedWebSocketManager(clock=clock)
        async with AgentWebSocketBridge(manager, clock=clock) as bridge:
            socket = MemoryTransport()
            await manager.connect("ada", socket)
            await settle()
            for name in CRITICAL_EVENTS:
                await getattr(bridge, f"notify_{name}")(ADA, {})
            await settle()
            assert [message["type"] for message in socket.messages] == list(CRITICAL_EVENTS)
        assert bridge.state is BridgeState.UNINITIALIZED
        assert not manager.health().is_healthy, "it was started here, so it is stopped here"

    run(main)


def test_a_manager_that_ran_before_runs_afterwards(run):
    async def main():
        clock = ManualClock()
        async with UnifiedWebSocketManager(clock=clock) as manager:
            async with AgentWebSocketBridge(manager, clock=clock):
                pass
            assert manager.health().is_healthy

    run(main)


def test_initialising_is_idempotent_also_at_the_same_time(run):
    async def main():
        bridge, manager, _ = a_bridge()
        states = states_of(bridge)
        await asyncio.gather(*(bridge.initialize() for _ in range(5)))
        await bridge.initialize()
        assert (manager.started, states) == (1, [BridgeState.INITIALIZING, BridgeState.ACTIVE])
        await bridge.shutdown()
        await bridge.shutdown()
        assert bridge.state is BridgeState.UNINITIALIZED

    run(main)


def test_a_failed_start_is_told_and_may_be_repeated(run):
    async def main():
        bridge, manager, _ = a_bridge()
        manager.well = False
        with pytest.raises(WebSocketStateError, match="the wire is cut"):
            await bridge.initialize()
        assert bridge.state is BridgeState.FAILED
        with pytest.raises(WebSocketStateError, match="failed"):
            await bridge.notify_agent_started(ADA, {})
        manager.well = True
        await bridge.initialize()
        assert bridge.state is BridgeState.ACTIVE
        await bridge.shutdown()

    run(main)


def test_it_degrades_after_failures_in_a_row_and_recovers_with_a_success(run):
    async def main():
        bridge, manager, _ = a_bridge()
        await bridge.initialize()
        manager.error = WebSocketBackplaneError("away")
        for expected in (BridgeState.ACTIVE, BridgeState.ACTIVE, BridgeState.DEGRADED):
            with pytest.raises(WebSocketBackplaneError):
                await bridge.notify_agent_started(ADA, {})
            assert bridge.state is expected
        assert (await bridge.health_check()).status is HealthStatus.DEGRADED
        manager.error = None
        assert await bridge.emitter(ADA).emit_agent_completed({}) == "agent_completed"
        assert bridge.state is BridgeState.ACTIVE
        await bridge.shutdown()

    run(main)


@pytest.mark.parametrize("error", [WebSocketPayloadError(), BacklogFullError("ada", 1, 1)])
def test_what_is_one_callers_fault_does_not_degrade_it(run, error):
    async def main():
        bridge, manager, _ = a_bridge()
        await bridge.initialize()
        manager.error = error
        for _ in range(5):
            with pytest.raises(type(error)):
                await bridge.notify_agent_started(ADA, {})
        assert bridge.state is BridgeState.ACTIVE
        await bridge.shutdown()

    run(main)


def test_the_watch_degrades_and_recovers_it(run):
    async def main():
        bridge, manager, clock = a_bridge()
        states = states_of(bridge)
        await bridge.initialize()
        manager.well = False
        manager.comes_back_at_start = 3
        await clock.advance(35)
        assert states == [
            BridgeState.INITIALIZING,
            BridgeState.ACTIVE,
            BridgeState.DEGRADED,
            BridgeState.ACTIVE,
        ]
        assert (await bridge.health_check()).figures["recoveries"] == 1
        await bridge.shutdown()

    run(main)


def test_when_recovery_does_not_help_it_is_failed_and_goes_on_trying(run):
    async def main():
        bridge, manager, clock = a_bridge()
        await bridge.initialize()
        manager.well = False
        await clock.advance(35)
        assert bridge.state is BridgeState.FAILED
        assert (await bridge.health_check()).status is HealthStatus.UNHEALTHY
        assert not await bridge.recover()
        manager.well = True
        await clock.advance(35)
        assert bridge.state is BridgeState.ACTIVE
        await bridge.shutdown()

    run(main)


def test_it_notices_that_the_managers_own_watch_died(run):
    async def main():
        clock = ManualClock()
        manager = UnifiedWebSocketManager(ManagerConfig(), clock=clock)
        async with manager, AgentWebSocketBridge(manager, clock=clock) as bridge:
            states = states_of(bridge)
            manager._watch._tasks["heartbeat"].cancel()
            await clock.advance(31)
            assert states == [BridgeState.DEGRADED, BridgeState.ACTIVE]
            assert manager.health().is_healthy

    run(main)


def test_an_observer_that_fails_harms_nobody(run, caplog):
    async def main():
        bridge, _, _ = a_bridge()

        def bad(_component, _health):
            raise RuntimeError("mine")

        bridge.add_observer(bad)
        bridge.add_observer(bad)
        seen = states_of(bridge)
        await bridge.initialize()
        bridge.remove_observer(bad)
        await bridge.shutdown()
        assert seen[-1] is BridgeState.UNINITIALIZED
        assert caplog.text.count("RuntimeError: mine") == 2

    run(main)


def test_while_the_store_is_away_it_is_degraded_and_carries_events(run):
    async def main():
        clock, store = ManualClock(), MemoryBackplane()
        manager = UnifiedWebSocketManager(clock=clock, backplane=store)
        async with AgentWebSocketBridge(manager, clock=clock) as bridge:
            states = states_of(bridge)
            await bridge.notify_agent_started(ADA, {})
            store.is_away = True
            assert not (await bridge.notify_agent_thinking(ADA, {})).stored
            for _ in range(3):
                await clock.advance(30)
            assert (bridge.state, states) == (BridgeState.DEGRADED, [BridgeState.DEGRADED])
            assert "the store is away, 1 events wait" in (await bridge.health_check()).reason
            store.is_away = False
            await clock.advance(30)
            assert (await bridge.health_check()).is_healthy
            assert bridge.state is BridgeState.ACTIVE
            assert (await bridge.notify_agent_completed(ADA, {})).stored

    run(main)
