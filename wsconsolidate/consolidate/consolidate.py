"""Everything known of a tree -> its Analysis: duplicates, the source of truth, dispositions."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from wsconsolidate.consolidate.backups import backup_files
from wsconsolidate.consolidate.duplicates import divergences, duplicates
from wsconsolidate.consolidate.features import features
from wsconsolidate.consolidate.fixable import with_fixes
from wsconsolidate.consolidate.fixable_emitters import delegations, offers
from wsconsolidate.consolidate.integration import integration_points
from wsconsolidate.consolidate.kin import kin
from wsconsolidate.consolidate.players import Players
from wsconsolidate.consolidate.settings import settings
from wsconsolidate.consolidate.ssot import choose
from wsconsolidate.consolidate.verdicts import delegating, verdicts
from wsconsolidate.model.analysis import Analysis, Disposition, Divergence, DuplicateGroup, Verdict
from wsconsolidate.model.event import Covered, Vocabulary
from wsconsolidate.model.import_graph import ImportGraph
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
    covered: Covered,
    configured: Mapping[Role, str],
) -> Analysis:
    """The finished analysis; `configured` names the source of truth of a role where the user does.

    Raises:
        ConfigError: a configured source of truth is not in the tree.
    """
    copies = tree.copies()
    truths = choose(program, casts, covered.coverage, configured, copies)
    players = Players(program, casts, covered.coverage, truths)
    groups, rifts, judged = _judged(players, {id for id in casts if is_below(id.path, copies)})
    found = Analysis(
        tree=tree,
        program=program,
        imports=ImportGraph(program),
        vocabulary=vocabulary,
        casts=casts,
        coverage=covered.coverage,
        ways=covered.ways,
        runtime_events=tuple(one for one in covered.runtime_events if not is_below(one.path, copies)),
        groups=groups,
        divergences=rifts,
        ssot=truths,
        verdicts=judged,
        integration_points=integration_points(program, casts, vocabulary),
        settings=settings(program, casts),
        features=features(program, casts, _described(players)),
        backup_files=backup_files(tree.names),
        copies=copies,
    )
    found = replace(found, delegations=delegations(found))
    return with_fixes(replace(found, offers=offers(found)))


def _judged(
    players: Players, in_copy: set[ClassId]
) -> tuple[tuple[DuplicateGroup, ...], tuple[Divergence, ...], dict[ClassId, Verdict]]:
    """What duplicates what, and what is to become of each; of a copy of the runtime what stays counts."""
    delegates, akin = delegating(players), kin(players)
    without = in_copy | delegates | akin.keys()
    rifts = divergences(players, without)
    groups = duplicates(players, without | {rift.other for rift in rifts})
    judged = verdicts(players, groups, rifts, delegates, akin)
    others = in_copy - {truth.id for truth in players.truths.values()}
    return groups, rifts, {**judged, **dict.fromkeys(others, _IN_COPY)}


def _described(players: Players) -> Iterator[ClassId]:
    """The sources of truth, then the factories and managers beside them."""
    yield from (truth.id for truth in players.truths.values() if truth.id is not None)
    for id, cast in players.casts.items():
        if cast.role in (Role.FACTORY, Role.MANAGER) and not players.program.classes[id].in_tests:
            yield id
