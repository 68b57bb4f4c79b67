"""A copy of the emitter that stays is offered as a thin subclass of it; what is no copy is not."""

import pytest

from wsconsolidate.codemods.delegate_emitter_offers import COPY, CORE
from wsconsolidate.codemods.plan import OFFERED
from wsconsolidate.model.finding import Applicability

HEAD = f"{CORE}# file: app/kiosk.py\nfrom app.manager import Manager\n\n\n"
COPIED = f"{HEAD}{COPY}"
EXTENDED = "class KioskEmitter(UnifiedEmitter):"
SENT = 'return await self.emit("agent_completed", data)'
OWN = 'return await self.manager.send(self.user, {"type": "agent_completed", "payload": data})'
# what is different from a copy
TRAPS = {
    "it sends one event by itself": (SENT, f"if data:\n            {OWN}\n        return False"),
    "it counts otherwise": ("self.sent += 1", "self.sent += 2"),
    "it lays its frame out otherwise": ('"payload": data', '"data": data'),
    "it makes something of what it is given": ("self.user = user", "self.user = user.lower()"),
    "a method takes something else": (
        "emit_agent_started(self, data: object)",
        "emit_agent_started(self, data: object, loud: bool)",
    ),
    "a method is not asynchronous": ("async def emit_agent_started", "def emit_agent_started"),
    "it is made by a decorator": ("class KioskEmitter:", "@sealed\nclass KioskEmitter:"),
    "it has slots": ('kiosk."""\n', 'kiosk."""\n\n    __slots__ = ("manager", "user", "sent")\n'),
    "it answers to every name": (
        "    async def emit_agent_started",
        "    __getattr__ = None\n\n    async def emit_agent_started",
    ),
    "it extends something unknown": ("class KioskEmitter:", "class KioskEmitter(Unknown):"),
    "it has a method that only the other sees": (
        "    async def emit_agent_started",
        "    def __seal(self) -> None:\n        self.sent = 1\n\n    async def emit_agent_started",
    ),
    "it stands in a function": (COPY, "def made():\n    " + COPY.replace("\n", "\n    ").rstrip() + "\n"),
    "it stands under a condition": (COPY, "if Manager:\n    " + COPY.replace("\n", "\n    ").rstrip() + "\n"),
    "its attribute is read from outside": (
        COPY,
        COPY.replace("self.manager", "self.hub") + "\n\ndef hub_of(emitter):\n    return emitter.hub\n",
    ),
}


def test_the_copy_itself_is_offered_and_taken_with_unsafe(planned):
    safe = planned(COPIED, codes=("WSC103",), unsafe=False).plan
    assert [group.title for group in safe.groups] == ["KioskEmitter sends through UnifiedEmitter"]
    (held,) = safe.held
    assert held.title == "KioskEmitter stands on UnifiedEmitter"
    assert held.risk == "its instances are those of UnifiedEmitter too, and offer 1 more method"
    taken = planned(COPIED, codes=("WSC103",))
    assert [group.applicability for group in taken.plan.groups] == [Applicability.UNSAFE]
    assert EXTENDED in taken.after["app/kiosk.py"].decode()
    assert not taken.plan.held


@pytest.mark.parametrize("trap", TRAPS)
def test_what_is_no_copy_keeps_its_own_body(trap, planned):
    assert TRAPS[trap][0] in COPY
    stays_alone(planned(HEAD + COPY.replace(*TRAPS[trap]), codes=("WSC103",)))


def test_what_the_emitter_that_stays_imports_cannot_stand_on_it(planned):
    circle = COPIED.replace("# file: app/core.py\n", "# file: app/core.py\nimport app.kiosk\n")
    stays_alone(planned(circle, codes=("WSC103",)))


def stays_alone(found):
    assert "KioskEmitter(UnifiedEmitter" not in found.after["app/kiosk.py"].decode()
    assert not [group for group in found.plan.groups if group.key.endswith(OFFERED)]


def test_an_offer_that_is_refused_leaves_the_delegation(planned):
    (offered,) = planned(COPIED, codes=("WSC103",)).plan.groups
    found = planned(COPIED, codes=("WSC103",), without=(offered.key,)).plan
    assert [group.title for group in found.groups] == ["KioskEmitter sends through UnifiedEmitter"]


def test_an_emitter_that_cannot_delegate_may_still_be_offered(planned):
    """Its answer is used, and nothing says what the answer of the other is."""
    silent = CORE.replace(") -> bool:", "):") + "# file: app/kiosk.py\nfrom app.manager import Manager\n\n\n"
    program = silent + COPY.replace(") -> bool:", "):")
    safe = planned(program, codes=("WSC103",), unsafe=False).plan
    assert (safe.groups, safe.refusals, len(safe.held)) == ((), (), 1)
    assert EXTENDED in planned(program, codes=("WSC103",)).after["app/kiosk.py"].decode()
