"""`wsconsolidate init`: a commented configuration made from what is there."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher, get_close_matches
from pathlib import PurePosixPath
from typing import Annotated

import typer

from wsconsolidate.cli.output import emit, replace_file, say
from wsconsolidate.cli.session import Examination, Session, examined
from wsconsolidate.cli.sharing import EXAMINING, sharing
from wsconsolidate.config import FILE, SECTION, has_section
from wsconsolidate.errors import ConfigError, UsageError
from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.event import Vocabulary
from wsconsolidate.model.naming import message_name
from wsconsolidate.model.presets import PRESETS, spelling_of
from wsconsolidate.model.role import COVERING_ROLES, SSOT_ROLES

Write = Annotated[bool, typer.Option("--write", help=f"Append the section to {FILE} at the root.")]

_NAMED = re.compile(r"(?:emit|notify)_([a-z]+(?:_[a-z]+)+)")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LIKELY = 0.8


@sharing("output", *EXAMINING)
def init(
    session: Session,
    write: Write = False,
) -> None:
    """Print a commented [tool.wsconsolidate] made from what is found."""
    found = examined(session)
    text = "\n".join(_section(found.report.analysis)) + "\n"
    if not write:
        emit(text, session.output)
        return
    _append(found, text)
    if not session.quiet:
        say(f"wsconsolidate: added [tool.{SECTION}] to {found.root / FILE}")


def _append(found: Examination, section: str) -> None:
    """Add the section to the file, whose bytes stay as they are.

    Raises:
        UsageError: the file has the section already, or cannot be written.
        ConfigError: with the section it would be no TOML.
    """
    path = found.root / FILE
    if has_section(found.root):
        raise UsageError(f"{path} has [tool.{SECTION}] already: edit it there")
    before = path.read_bytes() if path.exists() else b""
    end = "\r\n" if b"\r\n" in before else "\n"
    gap = "" if not before else end if before.endswith(b"\n") else end * 2
    after = before + (gap + section.replace("\n", end)).encode()
    try:
        tomllib.loads(after.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), (f"the section cannot be appended: {error}",)) from error
    try:
        replace_file(path, after)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error}") from error


def _section(analysis: Analysis) -> Iterator[str]:
    yield f"[tool.{SECTION}]"
    yield from _events(analysis)
    yield from _folders(analysis)
    yield from (
        "",
        "# What fails `wsconsolidate check`, and the file of known findings:",
        '# fail-on = ["error", "warning"]',
        '# baseline = "wsconsolidate-baseline.txt"',
        "# require-complete = true",
        "",
        "# Rules to leave out, or to judge otherwise (error, warning, note, off):",
        '# ignore = ["WSC106"]',
        '# severity = { WSC304 = "error" }',
        '# per-file-ignores = { "tests/*" = ["WSC2"] }',
    )
    yield from _truths(analysis)


def _events(analysis: Analysis) -> Iterator[str]:
    senders = Counter(
        event
        for covered in analysis.coverage.values()
        for event, coverage in covered.items()
        if coverage.status.covers
    )
    seen = ", ".join(f"{event} by {senders[event]}" for event in analysis.vocabulary.events)
    others = _other_events(analysis)
    yield "# The events that must reach the browser; classes that send them: " + seen
    yield f"events = {_toml(analysis.vocabulary.events)}"
    yield ""
    yield "# Other spellings of these events."
    if others:
        yield f"# The code also sends, or names methods after: {', '.join(others)}"
    likely = _likely_aliases(others, analysis.vocabulary) or {
        "agent_finished": analysis.vocabulary.events[-1]
    }
    yield f"# aliases = {{ {', '.join(f'{_key(name)} = {_toml(event)}' for name, event in likely.items())} }}"
    yield f"# The spellings of {', '.join(PRESETS)} need not be listed:"
    yield f"# presets = {_toml(_presets(others))}"


def _likely_aliases(names: Sequence[str], vocabulary: Vocabulary) -> dict[str, str]:
    """The names that are nearly a critical event, or mean one by their words, with that event."""
    found = {}
    for name in names:
        close = get_close_matches(name, vocabulary.events, n=1, cutoff=_LIKELY)
        event = close[0] if close else spelling_of(name, vocabulary)
        if event is not None and not _of_a_part(name):
            found[name] = event
    return found


def _of_a_part(name: str) -> bool:
    """True for the start or end of a sub-agent, which is not that of the agent."""
    return name.startswith(("sub", "child", "nested"))


def _presets(names: Sequence[str]) -> tuple[str, ...]:
    """The presets that have most of their names from these."""
    return tuple(
        preset for preset, aliases in PRESETS.items() if 2 * len(aliases.keys() & set(names)) >= len(aliases)
    )


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _toml(name)


def _other_events(analysis: Analysis) -> list[str]:
    """What is sent and what methods of senders are named after besides the events, most alike first."""
    events = analysis.vocabulary.events
    methods = (
        _NAMED.fullmatch(method) for one in analysis.production(*COVERING_ROLES) for method in one.methods
    )
    names = {*(match[1] for match in methods if match), *_sent(analysis)}
    names = {name for name in names if analysis.vocabulary.canonical(name) is None}
    return sorted(names, key=lambda name: (-max(_alike(name, event) for event in events), name))


def _sent(analysis: Analysis) -> Iterator[str]:
    """The names of messages that are handed to a socket."""
    program = analysis.program
    for edges in program.edges.values():
        for edge in edges:
            name = message_name(edge.call) if program.arrives(edge) else None
            if name is not None and not program.files[edge.path].in_tests:
                yield name


def _alike(name: str, event: str) -> float:
    return SequenceMatcher(a=name, b=event).ratio()


def _folders(analysis: Analysis) -> Iterator[str]:
    yield ""
    yield "# Folders that modules are imported from, besides the analysed one, `src` and what imports tell."
    yield '# source-roots = ["backend"]'
    yield ""
    yield f"# What to leave out. Backup files found: {len(analysis.backup_files)} (WSC106 names them)."
    endings = sorted({f"*{PurePosixPath(name).suffix}" for name in analysis.backup_files} - {"*", "*.py"})
    yield f"# exclude = {_toml(endings or ('legacy',))}"


def _truths(analysis: Analysis) -> Iterator[str]:
    yield ""
    yield "# The class of each role that stays; the others are to delegate to it."
    yield f"[tool.{SECTION}.ssot]"
    for role in SSOT_ROLES:
        truth = analysis.ssot.get(role)
        if truth is None:
            yield f'# {role} = "package.module.Class"  # none found'
        else:
            yield f"{role} = {_toml(truth.qualname)}  # {' '.join(truth.reason.split())}"


def _toml(value: str | Sequence[str]) -> str:
    return json.dumps(value if isinstance(value, str) else list(value), ensure_ascii=False)
