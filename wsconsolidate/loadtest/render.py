"""The outcome of a load test as text: for a terminal, as JSON, and as a page with a chart."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from html import escape
from importlib.resources import files
from string import Template

from wsconsolidate.loadtest.plan import Outcome, percentile

BARS = 100
WIDTH, HEIGHT = 720, 200


def to_console(outcome: Outcome) -> str:
    """A few lines to read."""
    tally = outcome.tally
    latencies = "  ".join(f"{_name(percent)} {ms:.1f} ms" for percent, ms in outcome.percentiles)
    delivered = f"{tally.delivered} of {tally.accepted} events in {outcome.seconds:.2f} s"
    lines = [
        _plan(outcome),
        f"delivered   {delivered}: {outcome.rate:.0f} events/s",
        f"latency     {latencies}",
        f"ledger      {_ledger(outcome)}",
    ]
    if outcome.bytes_per_connection is not None:
        lines.append(
            f"memory      {outcome.bytes_per_connection / 1024:.1f} KiB a connection, its log included"
        )
    lines += [f"error       {error}" for error in outcome.errors]
    lines.append("nothing was lost" if outcome.is_clean else "EVENTS WERE LOST, OR CAME WRONG")
    return "\n".join(lines) + "\n"


def _plan(outcome: Outcome) -> str:
    plan = outcome.plan
    kind = "sessions" if plan.sessions else "plain connections"
    counts = f"{plan.users} users, {plan.rounds} rounds of {len(plan.events)} events"
    return f"{counts}, {kind}, {outcome.reconnections} reconnections"


def to_json(outcome: Outcome) -> str:
    """The figures as a document."""
    plan = outcome.plan
    document = {
        "format": 1,
        "url": plan.url,
        "users": plan.users,
        "rounds": plan.rounds,
        "events": list(plan.events),
        "sessions": plan.sessions,
        "seconds": round(outcome.seconds, 3),
        "events_per_second": round(outcome.rate, 1),
        "ledger": asdict(outcome.tally),
        "latency_ms": {_name(percent): round(ms, 3) for percent, ms in outcome.percentiles},
        "reconnections": outcome.reconnections,
        "bytes_per_connection": outcome.bytes_per_connection,
        "errors": list(outcome.errors),
        "clean": outcome.is_clean,
    }
    return json.dumps(document, indent=2) + "\n"


def to_html(outcome: Outcome) -> str:
    """A page that needs nothing else, in the colours of the report."""
    page = (files("wsconsolidate.loadtest") / "page.html").read_text(encoding="utf-8")
    return Template(page).substitute(
        verdict="Nothing was lost" if outcome.is_clean else "Events were lost, or came wrong",
        kind="clean" if outcome.is_clean else "lost",
        plan=escape(_plan(outcome)),
        figures="".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in _figures(outcome)),
        chart=_chart(outcome.latencies),
        all=escape(to_console(outcome)),
    )


def _figures(outcome: Outcome) -> Iterator[tuple[str, str]]:
    yield "delivered", f"{outcome.tally.delivered:,}"
    yield "missing", f"{outcome.tally.missing:,}"
    yield "events a second", f"{outcome.rate:,.0f}"
    yield from ((f"latency, {_name(percent)}", f"{ms:.1f} ms") for percent, ms in outcome.percentiles)


def _chart(latencies: tuple[float, ...]) -> str:
    """A bar for each percentile, the middle and the highest latency named."""
    heights = [percentile(latencies, percent) for percent in range(1, BARS + 1)]
    highest = max(heights, default=0.0) or 1.0
    wide = WIDTH / BARS
    bars = "".join(
        f'<rect x="{number * wide:.1f}" y="{HEIGHT - ms / highest * HEIGHT:.1f}" width="{wide - 1:.1f}" '
        f'height="{ms / highest * HEIGHT:.1f}" rx="1"><title>p{number + 1}: {ms:.2f} ms</title></rect>'
        for number, ms in enumerate(heights)
    )
    lines = "".join(
        f'<line x1="0" x2="{WIDTH}" y1="{y}" y2="{y}"/><text x="0" y="{y - 4}">{ms:.1f} ms</text>'
        for ms, y in ((highest, 0), (highest / 2, HEIGHT // 2))
    )
    label = f"latency of 1 to 100 percent of the events; the longest took {highest:.1f} ms"
    ends = (("start", 0, "p1"), ("end", WIDTH, "max"))
    foot = "".join(
        f'<text x="{x}" y="{HEIGHT + 18}" text-anchor="{anchor}">{name}</text>' for anchor, x, name in ends
    )
    box = f"0 -20 {WIDTH} {HEIGHT + 44}"
    return f'<svg role="img" aria-label="{label}" viewBox="{box}">{lines}{bars}{foot}</svg>'


def _ledger(outcome: Outcome) -> str:
    tally = outcome.tally
    return (
        f"{tally.missing} missing, {tally.announced} announced as gaps, {tally.duplicated} duplicated, "
        f"{tally.reordered} reordered, {tally.cross_user} of other users"
    )


def _name(percent: int) -> str:
    return "max" if percent == 100 else f"p{percent}"
