"""Whether an emitter can be made to send through the source of truth, with the same frames and answers."""

from collections.abc import Callable, Iterator

from wsconsolidate.consolidate.reach import why_dead
from wsconsolidate.consolidate.sends import Sends, Sent
from wsconsolidate.consolidate.standing import Standing
from wsconsolidate.consolidate.telling import Teller
from wsconsolidate.consolidate.template import templates
from wsconsolidate.model.analysis import Analysis, Disposition, Fix
from wsconsolidate.model.delegation import Bound, Delegating, Delegation, Told, makes_from_sinks
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.program import Class, ClassId
from wsconsolidate.model.role import Role


def delegations(found: Analysis) -> dict[ClassId, Delegating]:
    """For each emitter to review that sends by itself how it could delegate, or why it cannot."""
    if Role.EMITTER not in found.ssot:
        return {}
    sends = Sends(found.program, found.vocabulary, found.coverage, found.ssot[Role.EMITTER].qualname)
    decide = _decider(found, sends)
    return {
        one.id: Bound("nobody can run it") if why_dead(found.program, one) else decide(one)
        for one in found.of_role(Role.EMITTER)
        if found.verdicts[one.id].disposition is Disposition.REVIEW and sends.leaving(one)
    }


def _decider(found: Analysis, sends: Sends) -> Callable[[Class], Delegating]:
    """What decides for one class, by what kind of emitter stays."""
    truth = found.truth(Role.EMITTER)
    if truth is None or makes_from_sinks(truth):
        return lambda one: _through_sinks(sends.of(one))
    teller = Teller(
        found.program, found.imports, truth, tuple(templates(found.program, found.vocabulary, truth))
    )
    return lambda one: teller.stranger(one) or _told(one, sends.of(one), teller)


def _through_sinks(sent: tuple[Sent, ...] | Bound) -> Delegating:
    return sent if isinstance(sent, Bound) else Delegation(sends=tuple(one.send for one in sent))


def _told(one: Class, sent: tuple[Sent, ...] | Bound, teller: Teller) -> Delegating:
    """The sends of a class as calls of the emitter that stays; those of other events are left."""
    if isinstance(sent, Bound):
        return sent
    told: list[Told] = []
    risks: dict[str, None] = {}
    critical = [each for each in sent if each.send.event or not each.send.known]
    for each in critical:
        if each.frame is None:
            return Bound("its frame is handed in from outside", each.send.line)
        match = teller.match(one, each.edge, each.send, each.frame)
        if isinstance(match, Bound):
            return match
        told.append(match.told)
        risks.update(dict.fromkeys(match.risks))
    return Delegation(
        sends=tuple(each.send for each in critical),
        told=tuple(told),
        applicability=Applicability.UNSAFE if risks else Applicability.SAFE,
        risk="; ".join(risks),
    )


def offers(found: Analysis) -> dict[ClassId, Fix]:
    """For each emitter that could stand on the one that stays, and send nothing by itself, the risk of it."""
    kept = found.truth(Role.EMITTER)
    if kept is None or makes_from_sinks(kept) or not found.delegations:
        return {}
    judges = {id: Standing(found, found.program.classes[id], kept) for id in found.delegations}
    fixes = {id: judge.fix() for id, judge in judges.items() if not judge.sends_alone}
    return {id: fix for id, fix in fixes.items() if fix.applicability is Applicability.UNSAFE}


def judge_emitters(found: Analysis) -> Iterator[tuple[str, int, Fix]]:
    """Each emitter to review with what can be done about it."""
    for id, delegating in found.delegations.items():
        if isinstance(delegating, Delegation):
            yield *id, Fix(applicability=delegating.applicability, reason=delegating.risk)
        elif id in found.offers:
            yield *id, found.offers[id]
        else:
            yield *id, Fix(applicability=Applicability.DISPLAY, reason=str(delegating))
