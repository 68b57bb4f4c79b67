"""Sessions over every kind of server, and the endpoint's hooks: who is let in, and from which page."""

import asyncio
import json

import pytest

from wsconsolidate.runtime import AgentSocketEndpoint, ManagerConfig, UnifiedWebSocketManager
from wsconsolidate.runtime.client.follower import Follower
from wsconsolidate.runtime.testing import LossLedger

from .test_real_sockets import (
    aiohttp_server,
    client,
    none_left,
    starlette_server,
    uvicorn_serving,
    websockets_server,
)

websockets = pytest.importorskip("websockets")


def endpoint_server(manager):
    """The endpoint as the whole application: the user is the path."""
    return uvicorn_serving(AgentSocketEndpoint(manager, authenticate=lambda request: request.path[1:]))


async def hear(socket, follower, witness):
    """One frame."""
    taken = follower.take(await socket.recv())
    for frame, _ in taken.news:
        witness.saw(frame["payload"]["user"], frame["payload"]["n"])
    assert taken.missed is None
    for text in filter(None, (taken.reply, follower.ack())):
        await socket.send(text)


async def emit(manager, ledger, number):
    for _ in range(number):
        payload = {"user": "ada", "n": ledger.next_number("ada")}
        await manager.emit_critical_event("ada", "agent_thinking", payload)
        ledger.accepted("ada")


@pytest.mark.parametrize("server", [websockets_server, starlette_server, aiohttp_server, endpoint_server])
def test_a_session_loses_nothing_over_broken_connections(run, server):
    async def main():
        ledger, follower = LossLedger(), Follower()
        witness = ledger.witness("ada")
        config = ManagerConfig(max_connections_per_user=10)
        async with UnifiedWebSocketManager(config) as manager, server(manager) as url:
            for _ in range(4):
                socket = await client(url, "ada")
                await socket.send(follower.resume())
                while follower.waiting:
                    await hear(socket, follower, witness)
                await emit(manager, ledger, 120)
                while witness.expected < ledger.next_number("ada") - 60:
                    await hear(socket, follower, witness)
                socket.transport.abort()
                await emit(manager, ledger, 10)
            socket = await client(url, "ada")
            await socket.send(follower.resume())
            while not ledger.all_seen():
                await hear(socket, follower, witness)
            await socket.close()
            await none_left(manager)
            tally = ledger.tally()
            assert tally.is_clean
            assert (tally.accepted, tally.delivered) == (520, 520)

    run(main)


@pytest.mark.parametrize(
    ("headers", "is_let_in"),
    [
        ({"Cookie": "user=ada"}, True),
        ({"Cookie": "user=ada", "Origin": "http://{host}"}, True),
        ({"Cookie": "user=ada", "Origin": "https://app.example"}, True),
        ({"Cookie": "user=ada", "Origin": "https://evil.example"}, False),
        ({"Cookie": "user=ada", "Origin": "null"}, False),
        ({}, False),
        ({"Cookie": "user="}, False),
    ],
)
def test_only_those_who_may_are_let_in(run, headers, is_let_in):
    async def authenticate(request):
        return request.cookies.get("user") or None

    async def main():
        async with UnifiedWebSocketManager() as manager:
            endpoint = AgentSocketEndpoint(
                manager, authenticate=authenticate, origins=("https://app.example",)
            )
            async with uvicorn_serving(endpoint) as url:
                host = url.removeprefix("ws://")
                filled = {name: value.format(host=host) for name, value in headers.items()}
                assert await status_of(url, filled) == (101 if is_let_in else 403)
                await none_left(manager)

    run(main)


async def status_of(url, headers):
    try:
        socket = await client(url, "ws", additional_headers=headers)
    except websockets.InvalidStatus as refused:
        return refused.response.status_code
    await socket.close()
    return 101


def test_the_endpoint_hands_on_what_clients_say_and_turns_away_too_many(run):
    async def main():
        async with UnifiedWebSocketManager(ManagerConfig(max_connections_per_user=1)) as manager:

            async def on_message(connection, message):
                await manager.send_to_user(connection.user_id, {"echo": message})

            endpoint = AgentSocketEndpoint(manager, authenticate=lambda _: "ada", on_message=on_message)
            async with uvicorn_serving(endpoint) as url:
                first = await client(url, "ws")
                await first.send("hello")
                assert json.loads(await first.recv()) == {"echo": "hello"}
                second = await client(url, "ws")
                with pytest.raises(websockets.ConnectionClosed) as caught:
                    await second.recv()
                assert caught.value.rcvd.code == 4429
                await first.close()
                await none_left(manager)

    run(main)


def test_acknowledgements_are_heard_while_the_application_is_busy(run):
    async def main():
        async with UnifiedWebSocketManager(ManagerConfig(max_unacknowledged_events=8)) as manager:
            ledger, follower = LossLedger(), Follower()
            witness = ledger.witness("ada")

            async def run_agent(_, __):
                await emit(manager, ledger, 100)
                while not ledger.all_seen():
                    await asyncio.sleep(0.01)
                await manager.emit_critical_event("ada", "done", {"user": "ada", "n": 100})
                ledger.accepted("ada")

            endpoint = AgentSocketEndpoint(manager, authenticate=lambda _: "ada", on_message=run_agent)
            async with uvicorn_serving(endpoint) as url:
                socket = await client(url, "ws")
                await socket.send(follower.resume())
                await socket.send("go")
                while witness.expected < 101:
                    await hear(socket, follower, witness)
                assert ledger.tally().is_clean
                await socket.close()
                await none_left(manager)

    run(main)
