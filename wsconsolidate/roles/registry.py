"""Every role with what observes it, in the order in which they are decided.

A later role may ask who has an earlier one; where two roles are equally sure of a class, the earlier wins.
"""

from collections.abc import Callable, Iterator

from wsconsolidate.model.program import Class
from wsconsolidate.model.role import Evidence, Role
from wsconsolidate.roles import bridge, connection, emitter, error, factory, manager, payload, protocol
from wsconsolidate.roles.scene import Scene

Observer = Callable[[Class, Scene], Iterator[Evidence]]

ROLES: tuple[tuple[Role, Observer], ...] = (
    (Role.PROTOCOL, protocol.observe),
    (Role.MANAGER, manager.observe),
    (Role.CONNECTION, connection.observe),
    (Role.BRIDGE, bridge.observe),
    (Role.EMITTER, emitter.observe),
    (Role.FACTORY, factory.observe),
    (Role.ERROR, error.observe),
    (Role.PAYLOAD, payload.observe),
)
