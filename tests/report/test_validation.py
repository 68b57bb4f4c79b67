"""Inheritance in the report: conflicts, and orders that are not exact."""

from wsconsolidate.model.report import Heading, Listing, Paragraph
from wsconsolidate.report.build import build

LATE = "from nowhere import Base\nfrom app.manager import UnifiedManager\n"
LATE += "class {name}(Base, UnifiedManager):\n    pass\n"


def inheritance(analysis, findings=(), rules=()):
    report = build(analysis, findings, rules)
    blocks = next(section for section in report.sections if section.name == "validation").blocks
    end = blocks.index(Heading("Event flow from request to socket"))
    return [block for block in blocks[:end] if isinstance(block, Listing | Paragraph)]


def test_exact_orders_are_no_conflict(chat, rules):
    assert inheritance(chat) == [Paragraph("No conflict: every order is exact.")]
    assert inheritance(chat, (), rules) == [
        Paragraph("No conflict: every order is exact, and no rule of inheritance finds anything.")
    ]


def test_classes_with_one_reason_are_told_together(study, chat_files):
    chat_files |= {f"app/{name.lower()}.py": LATE.format(name=name) for name in ("Late", "Later")}
    (listing,) = inheritance(study(chat_files))
    (item,) = listing.items
    assert item.text.startswith("`Late` and `Later` are incomplete: ")
    assert [(place.path, place.line) for place in item.places] == [("app/late.py", 3), ("app/later.py", 3)]


def test_a_finding_of_inheritance_is_told(chat, finding):
    (listing,) = inheritance(
        chat, (finding("WSC301", "app.old_emitter.OldEmitter", 4, message="it clashes"),)
    )
    assert [item.text for item in listing.items] == ["WSC301 it clashes"]


EITHER = """\
import os
from app.manager import UnifiedManager


class A:
    pass


class B:
    pass


if os.environ.get("FAST"):
    Base = A
else:
    Base = B


class Either(Base, UnifiedManager):
    pass
"""


def test_each_order_is_told_with_its_condition(study, chat_files):
    analysis = study({**chat_files, "app/either.py": EITHER})
    (either,) = analysis.program.named("Either")
    told = inheritance(analysis)[0].items[0].text
    assert len(either.mro.alternatives) == 2
    assert all(order.condition in told for order in either.mro.alternatives)
    assert "`Either > A > UnifiedManager > object`" in told
    assert "`Either > B > UnifiedManager > object`" in told
