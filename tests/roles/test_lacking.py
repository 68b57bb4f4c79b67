"""Why a class has no role: every kind of evidence that can be wanted is told in words."""

from wsconsolidate.model.role import Role
from wsconsolidate.roles.lacking import _OF_OTHERS, _WANTED, PARTS_ASKED


def test_every_kind_that_decides_has_words():
    sets = (needed for part in PARTS_ASKED for needed in part.decisive)
    assert {kind for needed in sets for kind in needed} - _OF_OTHERS == _WANTED.keys()


def test_roles_of_errors_payloads_and_factories_are_not_asked_for():
    assert not {Role.ERROR, Role.PAYLOAD, Role.FACTORY} & {part.role for part in PARTS_ASKED}
