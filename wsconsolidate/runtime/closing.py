"""With which codes sockets are closed, and which of them mean that the client is to come back."""

NORMAL = 1000
GOING_AWAY = 1001
FAILED = 1011
SERVICE_RESTART = 1012

# 4000 to 4499 ask the client to come back, 4500 to 4999 not to
STALE = 4001
TOO_SLOW = 4002
REPLACED = 4003
FORBIDDEN = 4403
TOO_MANY = 4429
MISSPOKEN = 4500

NEVER_SENT = frozenset({1004, 1005, 1006, 1015})
LONGEST_REASON = 123


def require_closing(code: int, reason: str) -> None:
    """Nothing, when a close frame can carry both (RFC 6455, 5.5 and 7.4).

    Raises:
        ValueError: it cannot.
    """
    if not (1000 <= code < 1015 or 3000 <= code < 5000) or code in NEVER_SENT:
        raise ValueError(f"{code} is no code to close with: take 1000, 1001, 1011, or one of 3000 to 4999")
    if (size := len(reason.encode(errors="replace"))) > LONGEST_REASON:
        raise ValueError(f"a reason to close has at most {LONGEST_REASON} bytes, this one has {size}")
