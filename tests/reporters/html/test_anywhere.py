"""The page on a phone, on paper, without a script, and by those who do not see it."""

import re
from pathlib import Path

import axe_playwright_python as axe
import pytest
from playwright.sync_api import expect

from tests.reporters.html.made import VIEWS

AXE = (Path(axe.__file__).parent / "axe.min.js").read_text("utf-8")
SERIOUS = ("serious", "critical")
PLACES = (
    "overview",
    "flow",
    "flow?item=way:9",
    "events",
    "classes",
    "classes?item=class:21&event=agent_started",
    "duplicates?item=pair:2",
    "actions?item=action:1",
    "findings?item=finding:3",
    "lineage",
    "text",
    "unseen",
)


@pytest.mark.parametrize(
    ("scheme", "width"),
    [
        ("light", 1280),
        ("dark", 320),
        pytest.param("light", 320, marks=pytest.mark.slow),
        pytest.param("dark", 1280, marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing_serious(shown, example, scheme, width):
    page = shown(example, color_scheme=scheme, width=width)
    page.evaluate(AXE)
    found = [(place, *one) for place in PLACES for one in _violations(page, place)]
    assert found == []


def _violations(page, place):
    page.evaluate("hash => { location.hash = hash; }", place)
    expect(page.locator(f"#view-{place.partition('?')[0]}")).to_be_visible()
    outcome = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    for one in outcome["violations"]:
        if one["impact"] in SERIOUS:
            yield one["id"], one["nodes"][0]["html"], one["nodes"][0]["failureSummary"]


@pytest.mark.parametrize("place", PLACES)
def test_nothing_stands_out_of_a_narrow_phone(shown, example, place):
    page = shown(example, place, width=320, height=640)
    expect(page.locator(f"#view-{place.partition('?')[0]}")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    wide = "[...document.querySelectorAll('.view:not([hidden]), .detail:not([hidden])')]"
    assert page.evaluate(f"{wide}.filter(one => one.scrollWidth > one.clientWidth).map(one => one.id)") == []


def test_paper_gets_every_view(shown, example):
    page = shown(example, "events")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for view in VIEWS:
        expect(page.locator(f"#view-{view}")).to_be_visible()
    expect(page.locator("#view-classes .row")).to_have_count(39)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(page.locator("#view-classes")).to_be_hidden()


def test_it_prints_on_many_pages(shown, example):
    paper = shown(example, "events").pdf()
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) > 10


def test_without_a_script_it_is_a_report_to_read(shown, example):
    page = shown(example, java_script_enabled=False)
    expect(page.get_by_text("which is switched off here")).to_be_visible()
    expect(page.get_by_role("heading", name="Executive summary")).to_be_visible()
    expect(page.get_by_role("columnheader", name="agent_completed")).to_be_visible()
    expect(page.get_by_role("heading", name="Not seen")).to_be_visible()
    assert page.locator("nav").is_hidden()
