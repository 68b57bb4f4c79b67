"""Every role, in the order in which they are decided.

A later role may ask who has an earlier one; where two roles are equally sure of a class, the earlier wins.
"""

from wsconsolidate.roles import bridge, connection, emitter, error, factory, manager, payload, protocol
from wsconsolidate.roles.part import Part

PARTS: tuple[Part, ...] = (
    protocol.PART,
    manager.PART,
    connection.PART,
    bridge.PART,
    emitter.PART,
    factory.PART,
    error.PART,
    payload.PART,
)
