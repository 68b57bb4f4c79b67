"""Everything known of a tree -> its Analysis: duplicates, the source of truth, dispositions."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from wsconsolidate.consolidate.backups import backup_files
from wsconsolidate.consolidate.duplicates import group
from wsconsolidate.consolidate.features import features
from wsconsolidate.consolidate.fixable import with_fixes
from wsconsolidate.consolidate.fixable_emitters import delegations, offers
from wsconsolidate.consolidate.integration import integration_points
from wsconsolidate.consolidate.kin import kin
from wsconsolidate.consolidate.settings import settings
from wsconsolidate.consolidate.ssot import choose
from wsconsolidate.consolidate.verdicts import delegating, verdicts
from wsconsolidate.model.analysis import Analysis, Disposition, Truth, Verdict
from wsconsolidate.model.event import Coverage, RuntimeEvent, Vocabulary, Way
from wsconsolidate.model.program import ClassId, Program
from wsconsolidate.model.role import Cast, Role
from wsconsolidate.model.source import Tree, is_below

_IN_COPY = Verdict(disposition=Disposition.LEAVE, reason="it belongs to the copy of the runtime")


def consolidate(
    *,
    tree: Tree,
    program: Program,
    vocabulary: Vocabulary,
    casts: Mapping[ClassId, Cast],
    coverage: Mapping[ClassId, Mapping[str, Coverage]],
    ways: tuple[Way, ...],
    runtime_events: tuple[RuntimeEvent, ...],
    configured: Mapping[Role, str],
) -> Analysis:
    """The finished analysis; `configured` names the source of truth of a role where the user does.

    Raises:
        ConfigError: a configured source of truth is not in the tree.
    """
    copies = tree.copies()
    truths = choose(program, casts, coverage, configured, copies)
    delegates = delegating(program, casts, coverage, truths)
    own = {id: cast for id, cast in casts.items() if not is_below(id.path, copies)}
    kept = {truth.id for truth in truths.values()}
    akin = kin(program, casts, truths)
    apart = {id: cast for id, cast in own.items() if id not in akin}
    groups, divergences = group(program, apart, coverage, truths, delegates)
    found = Analysis(
        tree=tree,
        program=program,
        vocabulary=vocabulary,
        casts=casts,
        coverage=coverage,
        ways=ways,
        runtime_events=tuple(one for one in runtime_events if not is_below(one.path, copies)),
        groups=groups,
        divergences=divergences,
        ssot=truths,
        verdicts={
            **verdicts(program, casts, truths, groups, divergences, delegates, akin),
            **{id: _IN_COPY for id in casts if id not in own and id not in kept},
        },
        integration_points=integration_points(program, casts, vocabulary),
        settings=settings(program, casts),
        features=features(program, casts, _described(program, casts, truths)),
        backup_files=backup_files(tree.names),
        copies=copies,
    )
    found = replace(found, delegations=delegations(found))
    return with_fixes(replace(found, offers=offers(found)))


def _described(
    program: Program, casts: Mapping[ClassId, Cast], truths: Mapping[Role, Truth]
) -> Iterator[ClassId]:
    """The sources of truth, then the factories and managers beside them."""
    yield from (truth.id for truth in truths.values() if truth.id is not None)
    for id, cast in casts.items():
        if cast.role in (Role.FACTORY, Role.MANAGER) and not program.classes[id].in_tests:
            yield id
