"""The drawing of the events' ways."""

from wsconsolidate.model.event import Hop, Way
from wsconsolidate.report.flow import mermaid


def way(event, *symbols, arrives=True):
    hops = tuple(Hop(symbol=symbol, path="a.py", line=1) for symbol in symbols)
    return Way(event=event, hops=hops, arrives=arrives)


def test_shared_steps_are_drawn_once():
    drawn = mermaid(
        [way("agent_started", "m.route", "m.C.send"), way("agent_thinking", "m.D.think", "m.C.send")]
    )
    assert (
        drawn
        == """\
flowchart TD
    n0["m.route"]
    n1["C.send"]
    n2(["socket"])
    n3["D.think"]
    n0 -->|"agent_started"| n1
    n1 -->|"all events"| n2
    n3 -->|"agent_thinking"| n1"""
    )


def test_a_lost_event_ends_in_lost():
    assert mermaid([way("agent_started", "m.route", arrives=False)]).splitlines()[-2:] == [
        '    n1(["lost"])',
        '    n0 -->|"agent_started"| n1',
    ]


def test_names_that_mermaid_would_read_are_escaped():
    assert 'n0["&lt;locals&gt;.C#quot;"]' in mermaid([way("e", 'm.f.<locals>.C"')])
