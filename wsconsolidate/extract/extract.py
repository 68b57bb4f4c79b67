"""The facts of one file, as a pure function of its bytes."""

from wsconsolidate.extract.comments import suppressions
from wsconsolidate.extract.parse import parse
from wsconsolidate.extract.patches import patches
from wsconsolidate.extract.statements import StatementReader
from wsconsolidate.model.facts import FileFacts
from wsconsolidate.model.source import Problem, ProblemKind


def extract(path: str, data: bytes, *, bodies: bool) -> FileFacts | Problem:
    """The facts of the file, or why it has none; `path` only names it in a problem.

    With `bodies` false only the outline is read: imports, classes, signatures, module-level and
    class-level names.
    """
    parsed = parse(path, data)
    if isinstance(parsed, Problem):
        return parsed
    tree, text = parsed
    reader = StatementReader(with_bodies=bodies)
    try:
        main = reader.read_module(tree)
        patched = patches(tree)
    except RecursionError:
        message = "nested too deeply to be analysed"
        return Problem(path=path, line=1, kind=ProblemKind.TOO_DEEP, message=message)
    return FileFacts(
        lines=text.count("\n") + (not text.endswith("\n") and bool(text)),
        has_bodies=bodies,
        scopes=tuple(reader.scopes),
        classes=tuple(reader.classes),
        functions=tuple(reader.functions),
        main=main,
        patches=patched,
        suppressions=suppressions(text),
    )
