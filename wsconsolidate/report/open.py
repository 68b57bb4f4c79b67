"""The actions that are still open: what the findings ask for, one action for each thing to do."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from wsconsolidate.model.analysis import Disposition
from wsconsolidate.model.finding import Applicability, Finding, Severity
from wsconsolidate.model.report import Action, Place, Priority
from wsconsolidate.report.material import Material
from wsconsolidate.report.words import code, places, series


@dataclass(frozen=True, slots=True)
class _Wording:
    """How an action is named: `one` for a finding or class `{it}`, `many` for all `{n}` findings.

    A rule with `many` makes one action of all its findings, any other one action for each class.
    """

    one: str
    many: str | None = None


_WORDINGS: Mapping[str, _Wording] = {
    "WSC001": _Wording("remove the suppression in {it}", "remove {n} suppressions that suppress nothing"),
    "WSC002": _Wording("give the suppression in {it} a reason", "give {n} suppressions a reason"),
    "WSC101": _Wording("import the protocol {it} from the SSOT instead of defining it again"),
    "WSC102": _Wording("settle the members in which the protocol {it} differs"),
    "WSC103": _Wording("send the events of {it} through the SSOT emitter"),
    "WSC104": _Wording("let {it} delegate to the SSOT manager"),
    "WSC105": _Wording("import {it} from the SSOT", "mend {n} legacy imports"),
    "WSC106": _Wording("delete the backup file {it}", "delete {n} backup files"),
    "WSC107": _Wording("bring {it} into the SSOT's hierarchy", "bring {n} errors into one hierarchy"),
    "WSC108": _Wording("type the payload in {it}", "type {n} payloads"),
    "WSC201": _Wording("send the missing events in {it}"),
    "WSC202": _Wording("fill the stub events of {it}"),
    "WSC203": _Wording("let the events of {it} reach a socket"),
    "WSC204": _Wording("correct the event name in {it}", "correct {n} misspelt event names"),
    "WSC205": _Wording("send the events of {it} through the SSOT"),
    "WSC206": _Wording("await the event calls of {it}"),
    "WSC207": _Wording("let a failed emit in {it} be seen"),
    "WSC208": _Wording("make the event calls of {it} fit what they call"),
    "WSC209": _Wording("give the event calls of {it} a target"),
    "WSC301": _Wording("reorder the bases of {it}, which Python refuses"),
    "WSC302": _Wording("make the overrides of {it} fit its bases"),
    "WSC303": _Wording("give {it} what its protocol asks for"),
    "WSC304": _Wording("keep one definition of each method of {it}"),
    "WSC401": _Wording("send to one user or connection in {it}"),
    "WSC402": _Wording("iterate over a copy of the connections in {it}"),
    "WSC403": _Wording("limit the connections of {it}"),
    "WSC404": _Wording("guard the shared state of {it}"),
    "WSC405": _Wording("keep one slow client from stalling all in {it}"),
    "WSC501": _Wording("give the registry {it} its manager"),
    "WSC502": _Wording("wrap the tool execution of {it}"),
}
_DECIDING = ("WSC101", "WSC102", "WSC103", "WSC104", "WSC107", "WSC301")
_LOSING = ("WSC201", "WSC202", "WSC203", "WSC209")


def open_actions(material: Material) -> tuple[Action, ...]:
    """What is to do: for findings, for events without a way, for classes that need a decision."""
    return (
        *(_action(material, group) for group in _groups(material)),
        *_lost_events(material),
        *_decisions(material),
    )


def _groups(material: Material) -> Iterable[list[Finding]]:
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in sorted(material.findings, key=lambda one: (one.code, one.path, one.line)):
        groups.setdefault(_key(material, finding), []).append(finding)
    return groups.values()


def _key(material: Material, finding: Finding) -> tuple[str, ...]:
    wording = _WORDINGS.get(finding.code)
    if wording and wording.many:
        return (finding.code,)
    owner = material.owner(finding)
    return (finding.code, finding.path, owner.qualname if owner else finding.symbol)


def _action(material: Material, group: list[Finding]) -> Action:
    severe = any(finding.severity is Severity.ERROR for finding in group)
    return Action(
        priority=Priority.HIGH if severe else Priority.MEDIUM,
        title=_title(material, group),
        done=False,
        rule=group[0].code,
        fix=min(finding.fix for finding in group),
        places=places(group),
    )


def _title(material: Material, group: list[Finding]) -> str:
    first = group[0]
    wording = _WORDINGS.get(first.code, _Wording(f"settle {first.rule} in {{it}}"))
    if wording.many and len(group) > 1:
        return wording.many.format(n=len(group))
    owner = material.owner(first)
    it = material.label(owner) if owner else code(first.symbol or first.path)
    return wording.one.format(it=it) + _named(group)


def _named(group: list[Finding]) -> str:
    """The methods or events that the findings tell apart, where they are names."""
    names = dict.fromkeys(finding.identity for finding in group)
    if not all(name.isidentifier() for name in names):
        return ""
    return f": {series([code(name) for name in names])}"


def _lost_events(material: Material) -> Iterator[Action]:
    """An event that no class brings to the socket, unless a finding says so already."""
    if not material.senders:
        return
    where = places(material.truths or material.senders[:1])
    if not material.speaks:
        yield _by_hand(
            Priority.HIGH, "name this program's events in the configuration: no critical one occurs", where
        )
        return
    named = [f"{finding.message} {finding.identity}" for finding in material.coded(*_LOSING)]
    for event in material.analysis.vocabulary.events:
        if material.arriving(event) is None and not any(event in text for text in named):
            yield _by_hand(Priority.HIGH, f"give {code(event)} a way to the socket", where)


def _decisions(material: Material) -> Iterator[Action]:
    """A class that a human must decide on, unless a finding says so already."""
    found = (material.owner(finding) for finding in material.coded(*_DECIDING))
    known = {one.id for one in found if one is not None}
    for one in material.players:
        verdict = material.analysis.verdicts.get(one.id)
        if verdict and verdict.disposition is Disposition.REVIEW and one.id not in known:
            title = f"decide what becomes of {material.label(one)}: {verdict.reason}"
            yield _by_hand(Priority.MEDIUM, title, places([one]))


def _by_hand(priority: Priority, title: str, where: tuple[Place, ...]) -> Action:
    return Action(
        priority=priority, title=title, done=False, rule=None, fix=Applicability.DISPLAY, places=where
    )
