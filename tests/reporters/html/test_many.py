"""A page with 60,000 classes; how fast it is tells `python -m tests.benchmarks.pages`."""

import pytest
from playwright.sync_api import expect

from tests.reporters.html.made import of_many
from wsconsolidate.model.analysis import Analysis

CLASSES = 60_000
MEGABYTES = 12


@pytest.fixture
def many(chat: Analysis, tmp_path):
    path = tmp_path / "many.html"
    path.write_text(of_many(chat, CLASSES, CLASSES // 20), encoding="utf-8", newline="\n")
    return path


def test_only_what_is_in_sight_is_there(shown, many):
    assert many.stat().st_size < MEGABYTES * 1_000_000
    page = shown(many, "classes")
    rows = page.locator("#view-classes .row")
    expect(page.locator("#view-classes .list")).to_be_visible()
    assert 5 < rows.count() < 60
    page.locator("#view-classes .list").focus()
    page.keyboard.press("End")
    expect(page.locator("#view-classes .row[aria-selected=true]")).to_have_attribute(
        "aria-posinset", str(CLASSES)
    )
    assert rows.count() < 60
    page.locator("#query").fill("59998")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("59998")
