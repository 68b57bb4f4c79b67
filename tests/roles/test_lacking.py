"""Why a class has no role: every kind of evidence that can be wanted is told in words."""

import pytest

from wsconsolidate.model.role import Role
from wsconsolidate.roles.lacking import OF_OTHERS
from wsconsolidate.roles.registry import PARTS

ASKED = [part for part in PARTS if part.wanted]


@pytest.mark.parametrize("part", ASKED, ids=lambda part: part.role)
def test_every_kind_that_decides_has_words(part):
    wanted = (needed for needed in part.decisive if OF_OTHERS.isdisjoint(needed))
    assert {kind for needed in wanted for kind in needed} == part.wanted.keys()


def test_roles_of_errors_payloads_and_factories_are_not_asked_for():
    unasked = {part.role for part in PARTS} - {part.role for part in ASKED}
    assert unasked == {Role.ERROR, Role.PAYLOAD, Role.FACTORY}
