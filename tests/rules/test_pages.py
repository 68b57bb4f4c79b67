"""The pages in the repository are those that the rules make."""

from pathlib import Path

import pytest

from wsconsolidate.rules.pages import INDEX, page, pages, write
from wsconsolidate.rules.registry import RULES

PUBLISHED = Path(__file__).parents[2] / "docs" / "rules"


def test_the_published_pages_are_up_to_date():
    published = {path.name: path.read_text(encoding="utf-8") for path in PUBLISHED.iterdir()}
    assert published == dict(pages()), "run: python -m wsconsolidate.rules.pages"


def test_the_index_links_every_rule():
    index = pages()[INDEX]
    assert all(f"[{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity}" in index for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_page_holds_text_and_examples(rule):
    text = page(rule)
    assert text.startswith(f"# {rule.code} {rule.name}\n")
    assert rule.doc.strip() in text
    assert all(example.strip() in text for example in (*rule.bad, *rule.good))


def test_writing_deletes_the_pages_of_rules_that_are_gone(tmp_path):
    (tmp_path / "WSC999.md").write_text("gone")
    (tmp_path / "keep.txt").write_text("not a page")
    write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {*pages(), "keep.txt"}
