"""Holds what an old class did against what the new one did, call by call."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from wsconsolidate.proof.worker import Target, Told

Call: TypeAlias = Mapping[str, Any]

_REAL, _FAKED = ("distinct", "same"), ("faked",)
_ITERATED = "changed size during iteration", "mutated during iteration", "changed during iteration"
_LONG = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What was compared of one target, what could not be, and how it differs."""

    target: Target
    calls: int = 0
    frames: int = 0
    untried: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


def compare(target: Target, before: Told, after: Told) -> Compared:
    """Compare in surroundings that are real down to the sockets; if no frame gets there, in faked ones."""
    if "unbuilt" in before:
        where = f"{target.module}, with what it defines" if not target.name else target
        return Compared(target=target, untried=(f"{where}: {before['unbuilt']}",))
    if "unbuilt" in after:
        return Compared(target=target, against=(f"{target} worked before: {after['unbuilt']}",))
    old, new = _settings(before), _settings(after)
    if not target.name or not old:
        return Compared(target=target)
    chosen = [one for one in _REAL if _frames(old[one])] or [one for one in _FAKED if _frames(old[one])]
    if not chosen:
        return _silent(target, old, new)
    return Compared(
        target=target,
        calls=sum(len(old[one]) for one in chosen),
        frames=sum(_frames(old[one]) for one in chosen),
        untried=tuple(dict.fromkeys(f"{target}.{one}" for name in chosen for one in _gaps(old[name]))),
        against=tuple(_differences(target, [(old[one], new[one]) for one in chosen])),
    )


def _silent(target: Target, old: Mapping[str, Mapping[str, Call]], new: Mapping[str, Any]) -> Compared:
    """Of a class that sent nothing, answers and errors are compared, and that it sent nothing is said."""
    pairs = [(old[one], new[one]) for one in old]
    return Compared(
        target=target,
        calls=sum(map(len, old.values())),
        untried=(f"{target}: no frame came of any call",),
        against=tuple(_differences(target, pairs)),
    )


def _settings(told: Told) -> Mapping[str, Mapping[str, Call]]:
    found = told.get("settings")
    return found if isinstance(found, dict) else {}


def _frames(calls: Mapping[str, Call]) -> int:
    return sum(call["frames"] for call in calls.values())


def _gaps(calls: Mapping[str, Call]) -> Iterator[str]:
    """What was cut short in the old class, so that nothing is known of the rest of the call."""
    for name, call in calls.items():
        if not call["ended"]:
            yield f"{name}: it does not end by itself"
        if call["forbidden"]:
            yield f"{name}: it was kept from {', '.join(call['forbidden'])}"


def _differences(
    target: Target, pairs: Sequence[tuple[Mapping[str, Call], Mapping[str, Call]]]
) -> Iterator[str]:
    """One difference a method, with the first call that shows it."""
    seen: set[str] = set()
    for old, new in pairs:
        for name, call in old.items():
            method = name.partition(" (")[0]
            reason = _difference(call, new.get(name))
            if reason is not None and method not in seen:
                seen.add(method)
                yield f"{target}.{name} {reason}"


def _difference(old: Call, new: Call | None) -> str | None:
    if new is None:
        return "is not there any more"
    if old["raised"] and any(words in (old["said"] or "") for words in _ITERATED):
        return None  # to loop over a copy is meant to end that
    if old["events"] != new["events"]:
        now, then = _first(new["events"], old["events"]), _first(old["events"], new["events"])
        return f"sends {now} where it sent {then}"
    missing: Counter[str] = Counter(old["awaited"]) - Counter(new["awaited"])
    if missing:
        return f"does not await {', '.join(sorted(missing))} any more"
    if bool(old["raised"]) != bool(new["raised"]) or not _same_error(old, new):
        return f"{_ending(new)} where it {_ending(old)}"
    if old["ended"] != new["ended"]:
        return f"{_ending(new)} where it {_ending(old)}"
    if old["answer"] != new["answer"]:
        return f"answers {_short(new['answer'])} where it answered {_short(old['answer'])}"
    if not _same_kept(old["holds"] or {}, new["holds"] or {}):
        return f"keeps {_short(new['holds'])} where it kept {_short(old['holds'])}"
    return None


def _same_kept(old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    """True if all that was kept is kept; what comes with a new base does not matter."""
    return all(name in new and new[name] == value for name, value in old.items())


def _same_error(old: Call, new: Call) -> bool:
    return not old["raised"] or not set(old["raised"]).isdisjoint(new["raised"])


def _ending(call: Call) -> str:
    if not call["ended"]:
        return "does not end"
    return f"raises {call['said']}" if call["raised"] else "returns"


def _first(events: Sequence[object], others: Sequence[object]) -> str:
    """The first event that is not the other's."""
    for number, event in enumerate(events):
        if others[number : number + 1] != [event]:
            return _short(event)
    return "nothing"


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= _LONG else f"{text[:_LONG]}..."
