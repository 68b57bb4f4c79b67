"""Errors that were scattered: executed before and after, whatever caught them catches them still."""

import builtins

import pytest

ERRORS = """\
class WebSocketError(Exception):
    def __init__(self, message: str, *, user_id: str | None = None) -> None:
        super().__init__(message)
        self.user_id = user_id


class WebSocketClosedError(WebSocketError):
    pass


class WebSocketFullError(WebSocketError):
    pass
"""
MODULES = ("shop.gateway", "shop.errors")
# each with how one is made of it
ROWS = {
    "a builtin base": ("class WebSocketSendError(RuntimeError):\n    pass\n", ("gone",)),
    "two builtin bases": ("class WebSocketSendError(ConnectionError, ValueError):\n    pass\n", ("gone",)),
    "no base of its own": ("class WebSocketSendError(Exception):\n    code = 4\n", ("gone",)),
    "a constructor": (
        (
            "class WebSocketSendError(KeyError):\n"
            "    def __init__(self, user: str, event: str) -> None:\n"
            "        super().__init__(f'{event} of {user}')\n"
            "        self.user_id = user\n"
        ),
        ("ada", "agent_completed"),
    ),
    "a base of the program": (
        "class AppError(LookupError):\n    status = 500\n\n\nclass WebSocketSendError(AppError):\n    pass\n",
        ("gone",),
    ),
    "heirs": (
        (
            "class WebSocketSendError(OSError):\n    pass\n\n\n"
            "class Late(WebSocketSendError, TimeoutError):\n    pass\n"
        ),
        ("gone",),
    ),
}


def caught_by(error, module):
    known = {**vars(builtins), **vars(module)}
    return {
        name
        for name, kind in known.items()
        if isinstance(kind, type) and issubclass(kind, BaseException) and isinstance(error, kind)
    }


def told(error):
    state = {name: value for name, value in vars(error).items() if value is not None}
    return str(error), error.args, state, getattr(error, "errno", None)


@pytest.mark.parametrize(("body", "arguments"), ROWS.values(), ids=ROWS)
def test_an_error_is_still_all_that_it_was(body, arguments, planned, imported):
    files = {"shop/__init__.py": "", "shop/errors.py": ERRORS, "shop/gateway.py": body}
    after = planned(files, codes=("WSC107",))
    assert after.plan.groups, after.reasons
    before, _ = imported({path: text.encode() for path, text in files.items()}, *MODULES)
    names = [name for name, kind in vars(before).items() if isinstance(kind, type)]
    old = {name: getattr(before, name)(*arguments) for name in names}
    had = {name: (caught_by(one, before), told(one)) for name, one in old.items()}

    module, errors = imported(after.after, *MODULES)
    new = {name: getattr(module, name)(*arguments) for name in names}
    for name, (catchers, says) in had.items():
        assert catchers <= caught_by(new[name], module)
        assert told(new[name]) == says
    assert isinstance(new["WebSocketSendError"], errors.WebSocketError)
    assert new["WebSocketSendError"].__class__.__mro__[1] is errors.WebSocketError


def test_errors_without_a_base_of_their_own_derive_from_a_copy_of_the_bundled_one(planned):
    files = {
        "shop/__init__.py": "",
        "shop/rooms.py": "class WebSocketRoomFullError(RuntimeError):\n    pass\n",
        "shop/users.py": "class WebSocketGoneError(Exception):\n    pass\n",
    }
    found = planned(files, codes=("WSC107",), vendor="shop/realtime")
    assert found.after["shop/rooms.py"].decode() == (
        "from shop.realtime import WebSocketError\n\n\n"
        "class WebSocketRoomFullError(WebSocketError, RuntimeError):\n    pass\n"
    )
    assert found.plan.requirements
