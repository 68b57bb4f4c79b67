"""A page with very many classes; how fast it is tells `python -m tests.benchmarks.pages`."""

import pytest
from playwright.sync_api import expect

from tests.reporters.html.made import of_many
from wsconsolidate.model.analysis import Analysis

BYTES_OF_PAGE = 100_000
BYTES_OF_CLASS = 200


@pytest.mark.parametrize("number", [6_000, pytest.param(60_000, marks=pytest.mark.slow)])
def test_only_what_is_in_sight_is_there(shown, chat: Analysis, tmp_path, number: int):
    many = tmp_path / "many.html"
    many.write_text(of_many(chat, number, number // 20), encoding="utf-8", newline="\n")
    assert many.stat().st_size < BYTES_OF_PAGE + number * BYTES_OF_CLASS
    page = shown(many, "classes")
    rows = page.locator("#view-classes .row")
    expect(page.locator("#view-classes .list")).to_be_visible()
    assert 5 < rows.count() < 60
    page.locator("#view-classes .list").focus()
    page.keyboard.press("End")
    expect(page.locator("#view-classes .row[aria-selected=true]")).to_have_attribute(
        "aria-posinset", str(number)
    )
    assert rows.count() < 60
    page.locator("#query").fill(str(number - 2))
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text(str(number - 2))
