"""Calls of functions that are handed to somebody who calls them: `async_to_sync(f)(x)`, `call_soon(f, x)`."""

from collections.abc import Iterator
from dataclasses import replace

from wsconsolidate.model.expr import Attribute, Call, Expr, Name
from wsconsolidate.model.facts import CallSite, Use

WRAPPING = frozenset(("async_to_sync", "sync_to_async", "partial", "run_coro_sync"))
"""What gives a function that calls the one it is given."""
_BEFORE = {
    "call_soon": 0,
    "call_soon_threadsafe": 0,
    "add_callback": 0,
    "add_task": 0,
    "start_soon": 0,
    "start_background_task": 0,
    "to_thread": 0,
    "run_sync": 0,
    "from_thread_run": 0,
    "run_in_threadpool": 0,
    "submit": 0,
    "spawn": 0,
    "call_later": 1,
    "run_in_executor": 1,
}
"""Who calls the function that it is given, by the number of arguments before that."""


def deferred(site: CallSite) -> Iterator[CallSite]:
    """The call that follows from this one, at once or later."""
    match site.call:
        case Call(func=Call(func=Name(id=name) | Attribute(attr=name), args=(inner, *_)), args=args):
            if name in WRAPPING:
                yield from _called(site, inner, args)
        case Call(func=Name(id=name) | Attribute(attr=name), args=args) if name in _BEFORE:
            index = _BEFORE[name]
            if len(args) > index:
                yield from _called(site, args[index], args[index + 1 :])


def _called(site: CallSite, func: Expr, args: tuple[Expr, ...]) -> Iterator[CallSite]:
    match func:
        case Call(func=Name(id="partial") | Attribute(attr="partial"), args=(inner, *given)):
            func, args = inner, (*given, *args)
    if isinstance(func, Name | Attribute):
        call = Call(func, args, site.call.keywords, site.call.line)
        yield replace(site, call=call, use=Use.NESTED)
