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

RUNGS = (
    Rung(name="keeps-text", question=keeps_text.__doc__ or "", objections=keeps_text.objections),
    Rung(name="parses", question=parses.__doc__ or "", objections=parses.objections),
    Rung(name="resolves", question=resolves.__doc__ or "", objections=resolves.objections),
    Rung(name="binds-names", question=binds_names.__doc__ or "", objections=binds_names.objections),
    Rung(name="keeps-names", question=keeps_names.__doc__ or "", objections=keeps_names.objections),
    Rung(name="improves", question=improves.__doc__ or "", objections=improves.objections),
    Rung(name="settles", question=settles.__doc__ or "", objections=settles.objections),
)
