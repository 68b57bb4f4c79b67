"""The questions that are asked of the tree on disk, in the order in which they are asked."""

from wsconsolidate.proof import types, verify, wire
from wsconsolidate.proof.job import Rung

RUNGS = (
    Rung(name="types", is_wanted=lambda job: bool(job.checker), begin=types.begin),
    Rung(name="wire", is_wanted=lambda job: job.wire, begin=wire.begin),
    Rung(name="verify", is_wanted=lambda job: job.command is not None, begin=verify.begin),
)
