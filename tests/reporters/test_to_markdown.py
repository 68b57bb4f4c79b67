"""Markdown that GitHub renders as it is meant."""

from dataclasses import replace
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt

from wsconsolidate.model.report import (
    Code,
    Heading,
    Item,
    Listing,
    Paragraph,
    Place,
    Quote,
    Section,
    Table,
)
from wsconsolidate.reporters.options import Options
from wsconsolidate.reporters.to_markdown import render


def body(report, *blocks):
    """What these blocks become, as the only section of a report."""
    made = replace(report, sections=(Section("only", "Only", blocks),))
    text = render(made, Options(sections=True))
    return text.split("## Only\n\n")[1].split("\n\n## Completeness")[0]


@pytest.mark.parametrize(
    ("block", "markdown"),
    [
        (Heading("A `b_c` _d"), "### A `b_c` \\_d"),
        (Paragraph("tool_x __init__ *x* [y] <z>"), "tool_x \\_\\_init\\_\\_ \\*x\\* \\[y\\] \\<z>"),
        (Paragraph("# no heading"), "\\# no heading"),
        (Paragraph("- no list"), "\\- no list"),
        (Paragraph("a `lone backtick & more"), "a \\`lone backtick &amp; more"),
        (Paragraph("two\nlines"), "two lines"),
        (Paragraph("an \x1b[31mescape"), "an \\\\x1b\\[31mescape"),
        (Listing((Item(text="a"), Item(text="b", done=True, places=(Place("p.py", 3), Place("p.py", 9))))),
         "- a\n- [x] b — `p.py:3,9`"),
        (Listing((Item(text="c", done=False, places=(Place("p.py", 3), Place("q.py", 1))),)),
         "- [ ] c — `p.py:3`, `q.py:1`"),
        (Table(("A", "B"), (("x | y", "`x | y`"), ("one\ntwo", ""))),
         "| A | B |\n| --- | --- |\n| x \\| y | `x \\| y` |\n| one<br>two |  |"),
        (Code("mermaid", "flowchart TD"), "```mermaid\nflowchart TD\n```"),
        (Code("text", "a ``` b"), "````text\na ``` b\n````"),
        (Quote("p.py", ((9, "x = 1"), (10, ""), (12, "    y"))),
         "`p.py`\n\n```text\n 9 | x = 1\n10 |\n   :\n12 |     y\n```"),
        (Quote("p.py", ((1, '"""```"""'),)), '`p.py`\n\n````text\n1 | """```"""\n````'),
    ],
)  # fmt: skip
def test_blocks(report, block, markdown):
    assert body(report, block) == markdown


def test_every_row_of_a_table_has_as_many_cells(troubled):
    text = (
        render(troubled, Options(sections=True))
        + render(troubled, Options())
        + render(troubled, Options(check=True))
    )
    rows = [line.replace("\\|", "") for line in text.splitlines() if line.startswith("|")]
    assert len(rows) > 20
    for above, below in pairwise(rows):
        if "---" in below or "---" in above:
            assert above.count("|") == below.count("|")


def test_the_report_has_every_section_and_ends_with_what_was_not_seen(troubled):
    text = render(troubled, Options(sections=True))
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == [
        *(section.title for section in troubled.sections),
        "Completeness",
    ]
    end = text.split("## Completeness")[1]
    assert "- not read (syntax): " in end
    assert "`app/broken.py:1`" in end
    assert "MRO of 1 more class without a role: inconsistent" in end
    assert "event chosen at run time in `app.route.chat`: getattr(x, name) — `app/route.py:7`" in end


def test_a_complete_analysis_says_so(report):
    assert "Nothing was left unseen" in render(report, Options(sections=True)).split("## Completeness")[1]


def test_fences_are_closed(troubled):
    text = render(troubled, Options(sections=True))
    assert text.count("\n```mermaid\n") == 1
    assert text.count("\n```") % 2 == 0


def test_a_check_is_a_table_of_findings(troubled, report):
    text = render(troubled, Options(check=True))
    assert (
        "| WSC202 | error | `app/old_emitter.py:12` | `emit_agent_thinking` does nothing: a \\| b |" in text
    )
    assert "3 findings: 1 error, 1 warning, 1 note." in text
    assert "No finding." in render(report, Options(check=True))


def test_a_scan_shows_the_classes_by_role(troubled):
    text = render(troubled, Options())
    assert "### emitter (2)" in text
    assert "| `OldEmitter` | `app/old_emitter.py:4` | review | 2/5 | exact |" in text
    assert "no role" not in text
    assert "### no role (5)" in render(troubled, Options(all_classes=True))


def test_no_clock_unless_it_is_given(report):
    assert render(report, Options(sections=True)) == render(report, Options(sections=True))
    assert "on 2030-01-01" in render(report, Options(sections=True, timestamp="2030-01-01"))


def test_a_parser_sees_the_blocks_that_were_meant(troubled):
    blocks = [block for section in troubled.sections for block in section.blocks]
    tokens = MarkdownIt("commonmark").enable("table").parse(render(troubled, Options(sections=True)))
    seen = [token.type for token in tokens]
    assert seen.count("table_open") == sum(isinstance(block, Table) for block in blocks)
    assert seen.count("fence") == sum(isinstance(block, Code | Quote) for block in blocks)
    assert "mermaid" in [token.info for token in tokens if token.type == "fence"]
    assert "html_block" not in seen
    rows = sum(len(block.rows) + 1 for block in blocks if isinstance(block, Table))
    assert seen.count("tr_open") == rows
