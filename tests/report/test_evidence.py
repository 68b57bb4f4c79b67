"""Quoted evidence: where the events are listed."""

from itertools import takewhile

import pytest

from wsconsolidate.model.report import Heading, Quote
from wsconsolidate.report.build import build

ENUM = """\
from enum import Enum


class Event(str, Enum):
    STARTED = "agent_started"
    OTHER = "other"
    THINKING = "agent_thinking"
    DONE = "agent_completed"

    def wire(self):
        return "agent_started agent_thinking agent_completed"
"""


def event_lists(analysis):
    blocks = next(one for one in build(analysis, (), ()).sections if one.name == "evidence").blocks
    if Heading("The event list") not in blocks:
        return []
    start = blocks.index(Heading("The event list"))
    found = takewhile(lambda block: isinstance(block, Quote), blocks[start + 1 :])
    return [(one.path, [line for line, _ in one.lines]) for one in found]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('EVENTS = ["agent_started", "agent_thinking", "tool_executing"]\nx = 1\n', [1]),
        (
            'EVENTS = {\n    "agent_started",\n    "agent_thinking",\n    "agent_completed",\n}\n',
            [1, 2, 3, 4, 5],
        ),
        ('A = "agent_started"\nB = "agent_thinking"\nx = 1\nC = "agent_completed"\n', [1, 2, 4]),
        ('MAP = {"agent_started": "a", "agent_thinking": "b",\n    "agent_completed": "c"}\n', [1, 2]),
        (ENUM, [5, 7, 8]),
        ('EVENTS = ["agent_started", "agent_thinking"]\nother = "agent_completed"\n', None),
        ('def f():\n    return ["agent_started", "agent_thinking", "agent_completed"]\n', None),
    ],
)
def test_the_event_list_is_found(study, text, lines):
    assert event_lists(study({"a.py": text})) == ([("a.py", lines)] if lines else [])


def test_an_event_list_in_tests_is_no_evidence(study):
    text = 'EVENTS = ["agent_started", "agent_thinking", "tool_executing"]\n'
    assert event_lists(study({"tests/test_a.py": text})) == []
