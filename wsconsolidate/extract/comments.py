"""Suppression comments: `# wsconsolidate: ignore[WSC101, WSC2] -- reason`."""

import io
import re
import tokenize

from wsconsolidate.model.facts import Suppression

# without brackets nothing but a reason may follow, or a slip would silence every rule
_COMMENT = re.compile(
    r"#\s*wsconsolidate:\s*ignore\s*(?:\[(?P<codes>[^\]]*)\]|(?=--|#|$))\s*(?:--\s*(?P<reason>.*))?", re.ASCII
)


def suppressions(text: str) -> tuple[Suppression, ...]:
    """Every suppression in the comments of `text`; strings that look like one are none."""
    if "wsconsolidate:" not in text:
        return ()
    return tuple(found for line, comment in _comments(text) if (found := _suppression(line, comment)))


def _comments(text: str) -> list[tuple[int, str]]:
    comments: list[tuple[int, str]] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                comments.append((token.start[0], token.string))  # noqa: PERF401 - what was read stays
    except (tokenize.TokenError, SyntaxError):
        return comments  # newer syntax than this tokenizer: what came before still counts
    return comments


def _suppression(line: int, comment: str) -> Suppression | None:
    match = _COMMENT.search(comment)
    if match is None:
        return None
    codes = (code.strip() for code in (match["codes"] or "").split(","))
    return Suppression(line, tuple(code for code in codes if code), (match["reason"] or "").strip())
