"""The questions that every plan must answer, in the order in which they are asked."""

from wsconsolidate.verify import (
    binds_names,
    improves,
    keeps_names,
    keeps_text,
    parses,
    resolves,
    settles,
)
from wsconsolidate.verify.change import Rung

RUNGS = tuple(
    Rung(name=name, objections=asks.objections, tried=asks.tried)
    for name, asks in (
        ("keeps-text", keeps_text),
        ("parses", parses),
        ("resolves", resolves),
        ("binds-names", binds_names),
        ("keeps-names", keeps_names),
        ("improves", improves),
        ("settles", settles),
    )
)
