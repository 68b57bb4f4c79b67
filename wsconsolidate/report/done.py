"""The actions that are done, each proved by a place in the analysed code."""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Disposition
from wsconsolidate.model.counting import plural
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.program import Class
from wsconsolidate.model.report import Action, Place, Priority
from wsconsolidate.model.role import Role
from wsconsolidate.report.material import Material
from wsconsolidate.report.words import code, places

_DUPLICATE_RULES = {
    Role.PROTOCOL: "WSC101",
    Role.EMITTER: "WSC103",
    Role.MANAGER: "WSC104",
    Role.ERROR: "WSC107",
}
_INTEGRATIONS = (
    ("WSC501", "registry", "the registry is given its manager"),
    ("WSC502", "tool-wrapping", "tool execution is wrapped in its events"),
)
SETTLED = (Disposition.KEEP, Disposition.DELEGATES, Disposition.LEAVE)


def done_actions(material: Material) -> tuple[Action, ...]:
    """What the analysis proves to be done, with the lines that prove it."""
    return (
        *_arrivals(material),
        *_delegations(material),
        *_unique(material),
        *_integrations(material),
        *_no_backups(material),
    )


def _done(priority: Priority, title: str, rule: str | None, proof: tuple[Place, ...]) -> Action:
    return Action(
        priority=priority, title=title, done=True, rule=rule, fix=Applicability.DISPLAY, places=proof
    )


def _arrivals(material: Material) -> Iterator[Action]:
    for event in material.analysis.vocabulary.events:
        way = material.arriving(event)
        if way is not None:
            proof = places((way.hops[0], way.hops[-1]))
            yield _done(Priority.HIGH, f"{code(event)} reaches the socket", "WSC203", proof)


def _delegations(material: Material) -> Iterator[Action]:
    for one in material.players:
        if material.disposition(one.id) is Disposition.DELEGATES:
            role = material.analysis.casts[one.id].role
            title = f"{material.label(one)} delegates to the SSOT"
            yield _done(Priority.HIGH, title, _DUPLICATE_RULES.get(role), _proof(material, one))


def _proof(material: Material, one: Class) -> tuple[Place, ...]:
    """Where the class stands, and the first line that passes an event on."""
    flows = (coverage.flow for coverage in material.analysis.coverage.get(one.id, {}).values())
    return places([one, *[flow[0] for flow in flows if flow][:1]])


def _unique(material: Material) -> Iterator[Action]:
    for role, rule in _DUPLICATE_RULES.items():
        truth = material.analysis.truth(role)
        if truth is not None and is_unique(material, role):
            title = f"{material.label(truth)} is the one source of truth among the {plural(role)}"
            yield _done(Priority.HIGH, title, rule, places([truth]))


def is_unique(material: Material, role: Role) -> bool:
    """True when nothing of this role stands beside its SSOT but what delegates or is no duplicate."""
    rule = _DUPLICATE_RULES.get(role)
    settled = all(material.disposition(one.id) in SETTLED for one in material.analysis.production(role))
    return settled and not (rule and material.coded(rule))


def _integrations(material: Material) -> Iterator[Action]:
    for rule, kind, what in _INTEGRATIONS:
        points = [point for point in material.analysis.integration_points if point.kind == kind]
        if points and material.asked(rule) and not material.coded(rule):
            yield _done(Priority.MEDIUM, what, rule, places(points))


def _no_backups(material: Material) -> Iterator[Action]:
    """Proved by the inventory; the SSOT's file is named as the one that stayed."""
    if material.truths and not material.analysis.backup_files:
        stayed = material.truths[0]
        title = f"no backup file stands beside {code(stayed.path)} or elsewhere"
        yield _done(Priority.MEDIUM, title, "WSC106", places([stayed]))
