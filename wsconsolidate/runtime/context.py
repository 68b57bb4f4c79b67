"""Whose run it is: the identity that every event carries."""

import re
from dataclasses import dataclass
from functools import lru_cache

from .errors import WebSocketAuthorizationError

HALF_A_PAIR = re.compile("[\ud800-\udfff]")
"""What UTF-8 cannot carry, and so no store can keep."""


def require_user(user_id: object) -> str:
    """The user id, if it is one; identity is never guessed, so anything else raises."""
    if isinstance(user_id, str) and user_id.strip() and not HALF_A_PAIR.search(user_id):
        return user_id
    raise WebSocketAuthorizationError(f"a user id is a string of text that is not empty, got {user_id!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class UserExecutionContext:
    """One run of one user; an emitter is bound to one context for life.

    Raises:
        WebSocketAuthorizationError: `user_id` is empty or no string.

    Example:
        >>> UserExecutionContext(user_id="ada", run_id="r1").run_id
        'r1'
    """

    user_id: str
    thread_id: str | None = None
    run_id: str | None = None
    request_id: str | None = None

    def __post_init__(self) -> None:
        require_user(self.user_id)


@lru_cache(maxsize=4096)
def anywhere(user_id: str) -> UserExecutionContext:
    """The context of an event that belongs to a user and to no run."""
    return UserExecutionContext(user_id=user_id)
