"""The outcome of a load test as text: for a terminal, as JSON, and as a page with a chart."""

import json
from dataclasses import asdict
from html import escape

from wsconsolidate.loadtest.plan import Outcome, percentile

BARS = 100
WIDTH, HEIGHT = 720, 200


def to_console(outcome: Outcome) -> str:
    """A few lines to read."""
    tally, plan = outcome.tally, outcome.plan
    latencies = "  ".join(f"{_name(percent)} {ms:.1f} ms" for percent, ms in outcome.percentiles)
    kind = "sessions" if plan.sessions else "plain connections"
    counts = f"{plan.users} users, {plan.rounds} rounds of {len(plan.events)} events"
    delivered = f"{tally.delivered} of {tally.accepted} events in {outcome.seconds:.2f} s"
    lines = [
        f"{counts}, {kind}, {outcome.reconnections} reconnections",
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
    """A page that needs nothing else."""
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>wsconsolidate loadtest</title>"
        "<style>body{font:16px system-ui;margin:2rem;max-width:760px}pre{background:#f4f4f4;padding:1rem}"
        "rect{fill:#3569b0}text{font:12px system-ui}</style>"
        f"<h1>Load test</h1><pre>{escape(to_console(outcome))}</pre>"
        f"<h2>Latency by percentile</h2>{_chart(outcome.latencies)}</html>\n"
    )


def _chart(latencies: tuple[float, ...]) -> str:
    heights = [percentile(latencies, percent) for percent in range(1, BARS + 1)]
    highest = max(heights, default=0.0) or 1.0
    wide = WIDTH / BARS
    bars = "".join(
        f'<rect x="{number * wide:.1f}" y="{HEIGHT - ms / highest * HEIGHT:.1f}" width="{wide - 1:.1f}" '
        f'height="{ms / highest * HEIGHT:.1f}"><title>p{number + 1}: {ms:.2f} ms</title></rect>'
        for number, ms in enumerate(heights)
    )
    label = f"latency of 1 to 100 percent of the events; the longest took {highest:.1f} ms"
    return (
        f'<svg role=img aria-label="{label}" viewBox="0 0 {WIDTH} {HEIGHT + 20}" width="100%">{bars}'
        f'<text x="0" y="{HEIGHT + 15}">p1</text><text x="{WIDTH - 160}" y="{HEIGHT + 15}">'
        f"p100: {highest:.1f} ms</text></svg>"
    )


def _ledger(outcome: Outcome) -> str:
    tally = outcome.tally
    return (
        f"{tally.missing} missing, {tally.announced} announced as gaps, {tally.duplicated} duplicated, "
        f"{tally.reordered} reordered, {tally.cross_user} of other users"
    )


def _name(percent: int) -> str:
    return "max" if percent == 100 else f"p{percent}"
