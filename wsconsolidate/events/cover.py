"""Program + roles -> what every sender does for every critical event, and the events' ways."""

from collections.abc import Mapping

from wsconsolidate.events.coverage import Coverer
from wsconsolidate.events.runtime_events import runtime_events
from wsconsolidate.events.ways import ways
from wsconsolidate.model.event import Covered, Vocabulary
from wsconsolidate.model.program import ClassId, Program
from wsconsolidate.model.role import COVERING_ROLES, Cast


def cover(program: Program, casts: Mapping[ClassId, Cast], vocabulary: Vocabulary) -> Covered:
    """The status of each emitter, bridge, manager and protocol for each event of the vocabulary."""
    coverer = Coverer(program, casts, vocabulary)
    coverage = {
        id: {event: coverer.coverage(program.classes[id], event) for event in vocabulary.events}
        for id, cast in casts.items()
        if cast.role in COVERING_ROLES
    }
    return Covered(coverage, ways(program, coverage, vocabulary), runtime_events(program))
