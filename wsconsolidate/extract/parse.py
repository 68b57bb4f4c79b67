"""From bytes to a syntax tree, also for syntax newer than the running Python."""

import ast
import io
import tokenize
import warnings

from wsconsolidate.model.source import Problem, ProblemKind


def decode(data: bytes) -> str:
    """The text of a Python source by PEP 263, with universal newlines.

    Raises:
        SyntaxError: the cookie names an unknown encoding or contradicts the BOM.
        UnicodeDecodeError: the bytes are not in the declared encoding.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    try:
        return io.TextIOWrapper(io.BytesIO(data), encoding, newline=None).read()
    except LookupError as error:  # base64, rot13 and the like are codecs, but not of text
        raise SyntaxError(f"the cookie names no encoding of text: {encoding}") from error


def parse(path: str, data: bytes) -> tuple[ast.Module, str] | Problem:
    """The syntax tree and text of a file, or the reason why there is none."""
    try:
        text = decode(data)
        if "\0" in text:
            line = text[: text.index("\0")].count("\n") + 1
            return Problem(path=path, line=line, kind=ProblemKind.NUL, message="the file holds a NUL")
        return _parse_any_version(text), text
    except UnicodeDecodeError as error:
        return _not_decodable(path, data, error)
    except SyntaxError as error:
        return _not_parsable(path, error)
    except (RecursionError, MemoryError):
        message = "nested too deeply for the parser"
        return Problem(path=path, line=1, kind=ProblemKind.TOO_DEEP, message=message)


def _parse_any_version(text: str) -> ast.Module:
    try:
        return _parse(text)
    except SyntaxError:
        from wsconsolidate.extract.lower import lower
        from wsconsolidate.extract.restore import restore

        return restore(_parse(lower(text)))


def _parse(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in the user's code is not ours to report
        return ast.parse(text)


def _not_decodable(path: str, data: bytes, error: UnicodeDecodeError) -> Problem:
    line = data[: error.start].count(b"\n") + 1
    message = (
        f"not {error.encoding}: byte 0x{data[error.start]:02x}; add a coding cookie or re-encode the file"
    )
    return Problem(path=path, line=line, kind=ProblemKind.ENCODING, message=message)


def _not_parsable(path: str, error: SyntaxError) -> Problem:
    unknown_encoding = error.lineno is None
    kind = ProblemKind.ENCODING if unknown_encoding else ProblemKind.SYNTAX
    return Problem(path=path, line=error.lineno or 1, kind=kind, message=error.msg)
