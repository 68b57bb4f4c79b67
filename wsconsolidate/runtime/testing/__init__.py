"""For tests, yours too: a clock moved by hand, a socket in memory, a loss ledger, a failing network."""

from .ledger import LossLedger, Tally, Witness
from .memory import ManualClock, MemoryTransport, settle
from .proxy import FaultProxy

__all__ = ["FaultProxy", "LossLedger", "ManualClock", "MemoryTransport", "Tally", "Witness", "settle"]
