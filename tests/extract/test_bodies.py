"""What the bodies of functions do."""

import pytest

from tests.programs import facts_of
from wsconsolidate.model.expr import unparse
from wsconsolidate.model.facts import Handling, Stub, Use


def body(*lines):
    text = "async def f(self):\n" + "".join(f"    {line}\n" for line in lines)
    return facts_of(text).functions[0].body


STUBS = [
    (["pass"], Stub.PASS),
    (["return"], Stub.PASS),
    (["return None"], Stub.PASS),
    (["..."], Stub.ELLIPSIS),
    (["'''Doc.'''"], Stub.DOCSTRING),
    (["'''Doc.'''", "'''More.'''"], Stub.DOCSTRING),
    (["'''Doc.'''", "pass"], Stub.PASS),
    (["'''Doc.'''", "..."], Stub.ELLIPSIS),
    (["logger.info('x')"], Stub.LOGGING),
    (["self.logger.info('x')", "return None"], Stub.LOGGING),
    (["print('x')"], Stub.LOGGING),
    (["raise NotImplementedError"], Stub.NOT_IMPLEMENTED),
    (["log.info('x')", "raise NotImplementedError('later')"], Stub.NOT_IMPLEMENTED),
    (["return True"], Stub.CONSTANT),
    (["raise ValueError"], None),
    (["return a"], None),
    (["info('x')"], None),
    (["self.queue.log('x')"], None),
    (["x = 1"], None),
]


@pytest.mark.parametrize(("lines", "stub"), STUBS)
def test_stub(lines, stub):
    assert body(*lines).stub is stub


CALLS = [
    ("a()", "a", False, Use.DROPPED),
    ("await a()", "a", True, Use.DROPPED),
    ("return a()", "a", False, Use.RETURNED),
    ("return await a()", "a", True, Use.RETURNED),
    ("x = a()", "a", False, Use.ASSIGNED),
    ("x: int = a()", "a", False, Use.ASSIGNED),
    ("x += a()", "a", False, Use.ASSIGNED),
    ("if a(): pass", "a", False, Use.NESTED),
    ("x = [a()]", "a", False, Use.NESTED),
    ("for x in a(): pass", "a", False, Use.NESTED),
    ("async with a(): pass", "a", False, Use.NESTED),
    ("raise a()", "a", False, Use.NESTED),
]


@pytest.mark.parametrize(("line", "func", "awaited", "use"), CALLS)
def test_call(line, func, awaited, use):
    (site,) = body(line).calls
    assert (unparse(site.call.func), site.awaited, site.use) == (func, awaited, use)


def test_what_surrounds_a_call():
    found = body(
        "for a in b:",
        "    try:",
        "        while c:",
        "            d()",
        "    except (E, F) as e:",
        "        g()",
        "    else:",
        "        h()",
        "i()",
    )
    sites = {unparse(site.call): site for site in found.calls}
    assert {name: (site.loops, site.tries) for name, site in sites.items()} == {
        "d()": ((0,), (0,)),
        "g()": ((0,), ()),
        "h()": ((0,), ()),
        "i()": ((), ()),
    }
    assert [guard.branch for guard in sites["d()"].guards] == ["loop", "try", "loop"]
    assert [guard.branch for guard in sites["g()"].guards] == ["loop", "except"]
    assert [(unparse(loop.target), unparse(loop.iterable), loop.line) for loop in found.loops] == [
        ("a", "b", 2)
    ]


STORES = [
    ("self.a = 1", "self.a", "1", False),
    ("self.a: int = 1", "self.a", "1", False),
    ("a[b] = c", "a[b]", "c", False),
    ("a[b], c = 1, 2", "a[b]", "1", False),
    ("del a[b]", "a[b]", "", True),
    ("a.b += 1", "a.b", "<AugAssign: 1>", False),
]


@pytest.mark.parametrize(("line", "target", "value", "deletes"), STORES)
def test_store(line, target, value, deletes):
    (store,) = body(line).stores
    assert (unparse(store.target), unparse(store.value), store.deletes) == (target, value, deletes)


LEAVES = [
    (["for a in b:", "    break"], [(0,)]),
    (["for a in b:", "    return"], [(0,)]),
    (["for a in b:", "    for c in d:", "        break"], [(1,)]),
    (["for a in b:", "    for c in d:", "        raise E"], [(0, 1)]),
    (["for a in b:", "    while c:", "        break"], [()]),
    (["while a:", "    for b in c:", "        break"], [(0,)]),
    (["return"], [()]),
]


@pytest.mark.parametrize(("lines", "loops"), LEAVES)
def test_where_loops_are_left(lines, loops):
    assert [leave.loops for leave in body(*lines).leaves] == loops


HANDLINGS = [
    ("pass", Handling.PASSES),
    ("...", Handling.PASSES),
    ("continue", Handling.PASSES),
    ("logger.error('x')", Handling.LOGS),
    ("raise", Handling.RAISES),
    ("raise E from e", Handling.RAISES),
    ("x()", Handling.HANDLES),
]


@pytest.mark.parametrize(("line", "handling"), HANDLINGS)
def test_handling(line, handling):
    (tried,) = body("for i in j:", "    try: a()", "    except E:", f"        {line}").tries
    assert [handler.handling for handler in tried.handlers] == [handling]


def test_the_rest():
    found = body(
        "async with a as b, c: pass",
        "x = {k: v for k, v in d()}",
        "yield 1",
        "if e: raise E(1) from f",
    )
    assert [(unparse(one.value), one.is_async) for one in found.contexts] == [("a", True), ("c", True)]
    assert [(unparse(target), unparse(row)) for target, row in found.comprehensions] == [("(k, v)", "d()")]
    assert found.yields
    assert [unparse(one) for one in found.raises] == ["E(1)"]
    assert not body("def g(): yield 1").yields
    assert [unparse(one) for one in body("if a: return b", "return c").returns] == ["b", "c"]


def test_the_top_level_is_a_body_and_a_nested_function_has_its_own():
    facts = facts_of("a()\ndef f():\n    b()\n    def g(): c()\nclass A:\n    d()\n")
    assert [unparse(site.call) for site in facts.main.calls] == ["a()"]
    assert [[unparse(site.call) for site in f.body.calls] for f in facts.functions] == [["b()"], ["c()"]]
