"""The plan: what is taken, held, left out or refused, and that fixes do not meet in one place."""

import pytest

from wsconsolidate.codemods.merge import Merge
from wsconsolidate.codemods.patch import Import, Patch, Replacement, Rewriting, Unfit
from wsconsolidate.codemods.workshop import Workshop

CORE = """\
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def connect_user(self, user_id: str, websocket: Any) -> str: ...
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
"""
COPIES = """\
from typing import Any, Protocol, runtime_checkable

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...

# about the hub

@runtime_checkable
class HubProtocol(Protocol):
    async def connect_user(self, user_id: str, websocket: Any) -> str: ...
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
"""
FILES = {
    "app/__init__.py": "",
    "app/core.py": CORE,
    "app/wire.py": COPIES,
    "app/core.py.bak": CORE,
    "app/other.txt.bak": "",
}
KEYS = {
    "WSC101 app/wire.py app.wire.HubProtocol",
    "WSC101 app/wire.py app.wire.WebSocketManagerProtocol",
    "WSC106 app/core.py.bak app/core.py.bak",
}


def no_other_file(path):
    raise FileNotFoundError(path)


def keys(groups):
    return {group.key for group in groups}


def test_unsafe_groups_are_held_back(planned):
    plan = planned(FILES, unsafe=False).plan
    assert keys(plan.held) == {"WSC101 app/wire.py app.wire.HubProtocol"}
    assert keys(plan.groups) == KEYS - keys(plan.held)
    assert "runtime_checkable" in plan.held[0].risk


def test_all_groups_of_a_file_are_merged(planned):
    found = planned(FILES)
    assert keys(found.plan.groups) == KEYS
    assert found.after["app/wire.py"].decode() == (
        "from app.core import WebSocketManagerProtocol as WebSocketManagerProtocol\n"
        "from app.core import WebSocketManagerProtocol as _WebSocketManagerProtocol\n"
        "\n# about the hub\n"
        "\nHubProtocol = _WebSocketManagerProtocol\n"
    )


@pytest.mark.parametrize("left_out", sorted(KEYS))
def test_a_group_that_is_left_out_occurs_nowhere(left_out, planned):
    plan = planned(FILES, without={left_out}).plan
    assert keys(plan.groups) == KEYS - {left_out}
    assert left_out.split()[1] not in {refusal.path for refusal in plan.refusals}


def test_what_no_codemod_can_do_is_refused_with_the_reason(planned):
    [refusal] = planned(FILES).plan.refusals
    assert (refusal.path, refusal.reason) == ("app/other.txt.bak", "it is no backup of Python source")


def test_the_edits_stand_in_order_with_what_was_there(planned, files_of):
    edits = planned(FILES).plan.edits
    assert [edit.path for edit in edits] == ["app/core.py.bak", "app/wire.py"]
    assert [edit.before for edit in edits] == [files_of(FILES)[edit.path] for edit in edits]


def test_the_same_input_gives_the_same_plan(planned):
    assert planned(FILES).plan == planned(FILES).plan


@pytest.fixture
def workshop(study):
    return Workshop(found=study({"a.py": "x = 1\ny = f(x)\n"}), read=no_other_file, vendor=None)


def change(node):
    return Patch(title="t", rewrites=(Rewriting(path="a.py", replacements=(Replacement(node, node),)),))


def test_two_fixes_for_one_node_are_refused(workshop):
    sheet, merge = workshop.sheet("a.py"), Merge(workshop)
    line = sheet.statement_at(2)
    merge.take(change(line.body[0].value))
    with pytest.raises(Unfit, match="another fix changes the same code"):
        merge.take(change(line))
    merge.take(change(sheet.statement_at(1)))


def test_a_file_that_goes_is_not_rewritten(workshop):
    merge = Merge(workshop)
    merge.take(Patch(title="t", deletes=("a.py",)))
    with pytest.raises(Unfit, match="the same file"):
        merge.take(change(workshop.sheet("a.py").statement_at(1)))


def test_a_file_that_is_rewritten_does_not_go(workshop):
    merge = Merge(workshop)
    merge.take(change(workshop.sheet("a.py").statement_at(1)))
    with pytest.raises(Unfit, match="the same file"):
        merge.take(Patch(title="t", deletes=("a.py",)))


def importing(home, module, name, bound=""):
    wanted = Import(module=module, name=name, bound=bound or name)
    return Patch(title="t", rewrites=(Rewriting(path=home, replacements=(), imports=(wanted,)),))


@pytest.fixture
def pair(study):
    found = study({"a.py": "x = 1\n", "b.py": "y = 2\n", "c.py": "z = 3\n"})
    return Merge(Workshop(found=found, read=no_other_file, vendor=None))


def test_imports_that_close_a_circle_together_are_refused(pair):
    pair.take(importing("a.py", "b", "y"))
    with pytest.raises(Unfit, match="circle: b -> a -> b"):
        pair.take(importing("b.py", "a", "x"))
    assert [edit.path for edit in pair.edits()] == ["a.py"]


def test_what_goes_is_not_imported(pair):
    pair.take(Patch(title="t", deletes=("b.py",)))
    with pytest.raises(Unfit, match="another fix deletes b"):
        pair.take(importing("a.py", "b", "y"))


def test_what_is_imported_does_not_go(pair):
    pair.take(importing("a.py", "b", "y"))
    with pytest.raises(Unfit, match="another fix imports it"):
        pair.take(Patch(title="t", deletes=("b.py",)))


def test_a_name_is_imported_for_one_thing(pair):
    pair.take(importing("a.py", "b", "y", "one"))
    with pytest.raises(Unfit, match="under the same name"):
        pair.take(importing("a.py", "c", "z", "one"))


def test_a_sheet_knows_its_nodes_by_line(workshop):
    sheet = workshop.sheet("a.py")
    assert sheet.range_of(sheet.statement_at(2)).start.line == 2
    assert sheet.parent(sheet.statement_at(2)) is sheet.module
    for at in (sheet.class_at, sheet.function_at):
        with pytest.raises(Unfit, match="on line 1"):
            at(1)


def test_a_file_that_was_not_analysed_has_no_sheet(study):
    found = study({"a.py": "x = 1\n", "b.py": "x = =\n"})
    workshop = Workshop(found=found, read=no_other_file, vendor=None)
    with pytest.raises(Unfit, match="invalid syntax"):
        workshop.sheet("b.py")
    with pytest.raises(Unfit, match="not analysed"):
        workshop.sheet("c.py")
