"""Managers on a clock that is moved by hand, and sockets of theirs."""

from wsconsolidate.runtime import ManagerConfig, UnifiedWebSocketManager
from wsconsolidate.runtime.testing import ManualClock, MemoryTransport, settle


def a_manager(**settings):
    clock = ManualClock()
    return UnifiedWebSocketManager(ManagerConfig(**settings), clock=clock), clock


async def sockets(manager, user_id, number=1):
    made = [MemoryTransport() for _ in range(number)]
    for socket in made:
        await manager.connect(user_id, socket)
    await settle()
    return made if number > 1 else made[0]


async def connected(manager, socket, user_id="ada"):
    connection = manager.connection(await manager.connect(user_id, socket))
    await settle()
    return connection
