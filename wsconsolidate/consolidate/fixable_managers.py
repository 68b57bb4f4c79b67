"""Whether a duplicate manager can stand on the manager that stays."""

from collections.abc import Iterator

from wsconsolidate.consolidate.standing import Standing
from wsconsolidate.model.analysis import Analysis, Disposition, Fix
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.role import Role


def judge_managers(found: Analysis) -> Iterator[tuple[str, int, Fix]]:
    """Each manager beside the one that stays with what can be done about it."""
    kept = found.truth(Role.MANAGER)
    for one in found.production(Role.MANAGER) if Role.MANAGER in found.ssot else ():
        if found.verdicts[one.id].disposition is Disposition.REVIEW:
            yield *one.id, Standing(found, one, kept).fix() if kept else _foreign(found)


def _foreign(found: Analysis) -> Fix:
    truth = found.ssot[Role.MANAGER].qualname
    reason = f"by hand, as `{truth}` takes connections in another way; or name one as `ssot.manager`"
    return Fix(applicability=Applicability.DISPLAY, reason=reason)
