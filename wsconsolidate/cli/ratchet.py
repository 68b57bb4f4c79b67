"""What `check` compares with: a baseline file, or an earlier revision of the tree."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from wsconsolidate.baseline import HEADER, Comparison, Entry, compare, covers, gained, parse, record, render
from wsconsolidate.cli.output import replace_file, say
from wsconsolidate.cli.session import Examination, Session
from wsconsolidate.errors import BaselineError, UsageError


def against_revision(found: Examination, session: Session, revision: str) -> Comparison:
    """The findings as the revision knows them; what is gone since is no complaint.

    Raises:
        UsageError: there is no git work tree, or no such revision in it.
    """
    from wsconsolidate.pipeline.since import findings_at

    before = findings_at(revision, session.places, found.root, found.config)
    result = compare(found.report.findings, record(before))
    return Comparison(new=result.new, known=result.known, stale=())


def against_file(found: Examination, session: Session, path: Path, notes: list[str]) -> Comparison:
    """The findings as a baseline file knows them; nothing is stale where only a part was analysed.

    `notes` gets what the user should be told of that.

    Raises:
        UsageError: the file is not there or cannot be read.
        BaselineError: it is no baseline.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise UsageError(f"there is no baseline {path}: {_advice(path, found.root)}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the baseline {path}: {error}") from error
    result = compare(found.report.findings, parse(text, str(path)))
    if result.stale and not covers(_paths(found, session), text):
        if not session.quiet:
            notes.append(f"wsconsolidate: {path} knows more than was analysed: stale entries cannot be told")
        return replace(result, stale=())
    return result


def _advice(path: Path, root: Path) -> str:
    if Path(path.relative_to(root) if path.is_relative_to(root) else path).exists():
        return f"its path is relative to the root {root}, not to the working directory"
    return "write it with --update-baseline"


def update(found: Examination, session: Session, path: Path) -> Comparison:
    """Write the baseline of all findings, and tell what it gained and lost.

    Raises:
        UsageError: the file cannot be written, or is something else than a baseline.
    """
    findings = found.report.findings
    before, after = _before(path), record(findings)
    try:
        replace_file(path, render(after, _paths(found, session)).encode())
    except OSError as error:
        raise UsageError(f"cannot write the baseline {path}: {error}") from error
    if not session.quiet:
        say(f"wsconsolidate: {path} knows {len(findings)} findings")
        for line in _changes(before, after):
            say(line)
    return compare(findings, after)


def _paths(found: Examination, session: Session) -> tuple[str, ...]:
    """What was analysed, relative to the root."""
    places = (path.resolve() for path in session.places)
    return tuple(place.relative_to(found.root).as_posix() for place in places)


def _before(path: Path) -> tuple[Entry, ...] | None:
    """What the file knew; None where there was nothing, or nothing that can be read, to compare with.

    Raises:
        UsageError: the file is something else, which nobody wants to lose.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the baseline {path}: {error}") from error
    try:
        return parse(text, str(path))
    except BaselineError as error:
        if text.strip() and HEADER.partition(",")[0] not in text:
            raise UsageError(f"{path} is no baseline, and is left as it is: name another file") from error
        return None


def _changes(before: tuple[Entry, ...] | None, after: tuple[Entry, ...]) -> Iterator[str]:
    if before is None:
        return
    for sign, entries in (("+", gained(before, after)), ("-", gained(after, before))):
        for entry in entries:
            yield f"  {sign} {entry.code} {entry.symbol}{f' ({entry.count}x)' if entry.count > 1 else ''}"
