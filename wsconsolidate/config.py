"""The section [tool.wsconsolidate] of pyproject.toml, read once into one frozen value."""

import difflib
import re
import sys
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from wsconsolidate.errors import ConfigError
from wsconsolidate.model.event import CRITICAL_EVENTS, Vocabulary
from wsconsolidate.model.finding import Severity
from wsconsolidate.model.glob import Glob
from wsconsolidate.model.presets import PRESETS, preset_of
from wsconsolidate.model.role import SSOT_ROLES, Role

FILE = "pyproject.toml"
SECTION = "wsconsolidate"
OFF = "off"

PLATFORMS = ("linux", "darwin", "win32", "cygwin", "android", "ios", "emscripten", "wasi")
_QUALNAME = re.compile(r"[^\s.]+(\.[^\s.]+)+")
_VERSION = re.compile(r"3\.(\d{1,2})")
_VENDOR = "vendor:"
TYPE_CHECKERS = ("mypy", "pyright")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What the command line adds to or puts in place of the configuration."""

    exclude: tuple[Glob, ...] = ()
    python: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every option with its default.

    `select` and `ignore` hold rule codes or prefixes of them, as do the keys of `severity` (whose
    value None is off) and the codes of `per_file_ignores`; of two that fit, the longer wins.
    `baseline` and `vendor` are relative to the root, `python` is a folder or interpreter;
    `vendor` is None where the runtime is imported from the installed package; `type_checker` is a
    known one or a command, empty for none.
    """

    exclude: tuple[Glob, ...] = ()
    source_roots: tuple[str, ...] = ()
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary(events=CRITICAL_EVENTS, aliases={}))
    ssot: Mapping[Role, str] = field(default_factory=dict)
    select: tuple[str, ...] = ("WSC",)
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity | None] = field(default_factory=dict)
    per_file_ignores: tuple[tuple[Glob, tuple[str, ...]], ...] = ()
    fail_on: tuple[Severity, ...] = (Severity.ERROR, Severity.WARNING)
    baseline: str | None = None
    require_complete: bool = False
    target_version: tuple[int, int] = sys.version_info[:2]
    target_platform: str = sys.platform
    python: Path | None = None
    vendor: str | None = None
    require_reason: bool = False
    type_checker: tuple[str, ...] = ()

    def severity_of(self, code: str, default: Severity) -> Severity | None:
        """How much a finding of this rule matters here; None if the rule is off."""
        if _fit(code, self.select) <= _fit(code, self.ignore):
            return None
        best = max(self.severity, key=lambda prefix: _fit(code, (prefix,)), default="")
        return self.severity[best] if _fit(code, (best,)) > 0 else default

    def ignores(self, code: str, path: str) -> bool:
        """True if the configuration ignores this rule in this file."""
        return any(glob.matches(path) and _fit(code, codes) for glob, codes in self.per_file_ignores)

    def override(self, overrides: Overrides) -> "Config":
        """This configuration with the options of the command line."""
        exclude = self.exclude + overrides.exclude
        return replace(self, exclude=exclude, python=overrides.python or self.python)


def load(root: Path, known_codes: Collection[str]) -> Config:
    """The configuration of the tree at `root`; all defaults where there is none.

    Raises:
        ConfigError: the file is no TOML, or options are unknown or wrong; it names them all.
    """
    path = root / FILE
    options = _Options(_section(path), root, known_codes)
    config = options.config()
    problems = options.problems + options.unknown()
    if problems:
        raise ConfigError(str(path), tuple(problems))
    return config


def has_section(folder: Path) -> bool:
    """True if the pyproject.toml of this folder configures the tool.

    A file that is no TOML counts if it names the section, so that loading it reports the error.
    """
    path = folder / FILE
    try:
        return _read_section(path) is not None
    except ConfigError:
        return f"[tool.{SECTION}".encode() in path.read_bytes()
    except OSError:
        return False


def suggestion(word: str, known: Iterable[str]) -> str:
    """`; did you mean ...?` with the closest known word, or nothing."""
    close = difflib.get_close_matches(word, sorted(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


def _section(path: Path) -> Mapping[str, object]:
    try:
        section = _read_section(path)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return {}
    except OSError as error:
        raise ConfigError(
            str(path), (f"cannot be read: {(error.strerror or str(error)).lower()}",)
        ) from error
    if section is None:
        return {}
    if not isinstance(section, dict):
        raise ConfigError(str(path), (f"[tool.{SECTION}] must be a table",))
    return section


def _read_section(path: Path) -> object:
    try:
        document = tomllib.loads(path.read_bytes().decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), (f"no valid TOML: {error}",)) from error
    tools = document.get("tool")
    return tools.get(SECTION) if isinstance(tools, dict) else None


def _fit(code: str, prefixes: Iterable[str]) -> int:
    """The length of the longest prefix that the code begins with, 0 for none."""
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=0)


class _Options:
    """Reads each option of the table once; what is wrong is noted and its default taken."""

    def __init__(self, table: Mapping[str, object], root: Path, codes: Collection[str]) -> None:
        self.problems: list[str] = []
        self._table = table
        self._root = root
        self._codes = codes
        self._keys: list[str] = []

    def config(self) -> Config:
        """The configuration as far as it is right."""
        default = Config()
        return Config(
            exclude=self._globs("exclude"),
            source_roots=self._folders("source-roots"),
            vocabulary=self._vocabulary(default.vocabulary),
            ssot=self._ssot(),
            select=self._rules("select", default.select),
            ignore=self._rules("ignore", default.ignore),
            severity=self._severity(),
            per_file_ignores=self._per_file_ignores(),
            fail_on=self._severities("fail-on", default.fail_on),
            baseline=self._file("baseline"),
            require_complete=self._flag("require-complete"),
            target_version=self._version(default.target_version),
            target_platform=self._platform(default.target_platform),
            python=self._python(),
            vendor=self._vendor(),
            require_reason=self._flag("require-reason"),
            type_checker=self._type_checker(),
        )

    def unknown(self) -> list[str]:
        """A problem for each key of the table that `config` did not ask for."""
        strange = [key for key in self._table if key not in self._keys]
        return [f"unknown option `{key}`{suggestion(key, self._keys)}" for key in strange]

    def _get(self, key: str) -> object:
        self._keys.append(key)
        return self._table.get(key)

    def _wrong(self, key: str, wanted: str, value: object) -> None:
        self.problems.append(f"`{key}` must be {wanted}, not {value!r}")

    def _flag(self, key: str) -> bool:
        value = self._get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self._wrong(key, "true or false", value)
        return False

    def _text(self, key: str) -> str | None:
        value = self._get(key)
        if value is None or (isinstance(value, str) and value):
            return value
        self._wrong(key, "a string", value)
        return None

    def _texts(self, key: str) -> tuple[str, ...] | None:
        value = self._get(key)
        return None if value is None else self._listed(key, value)

    def _listed(self, key: str, value: object) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(item, str) and item for item in value):
            return tuple(value)
        self._wrong(key, "a list of strings", value)
        return ()

    def _mapping(self, key: str, wanted: str) -> Mapping[str, object]:
        value = self._get(key)
        if value is None:
            return {}
        if isinstance(value, dict):
            return value
        self._wrong(key, f"a table of {wanted}", value)
        return {}

    def _glob(self, key: str, pattern: str) -> Glob | None:
        try:
            return Glob(pattern)
        except ValueError as error:
            self.problems.append(f"`{key}` holds the bad pattern `{pattern}`: {error}")
            return None

    def _globs(self, key: str) -> tuple[Glob, ...]:
        globs = (self._glob(key, pattern) for pattern in self._texts(key) or ())
        return tuple(glob for glob in globs if glob is not None)

    def _folders(self, key: str) -> tuple[str, ...]:
        folders = self._texts(key) or ()
        for folder in folders:
            if not (self._root / folder).is_dir():
                self.problems.append(f"`{key}`: there is no folder `{folder}` below {self._root}")
        return tuple(PurePosixPath(folder).as_posix() for folder in folders)

    def _vocabulary(self, default: Vocabulary) -> Vocabulary:
        given = self._texts("events")
        if self._table.get("events") == []:
            self._wrong("events", "a list with at least one event", [])
        events = tuple(dict.fromkeys(given or default.events))
        return Vocabulary(events=events, aliases={**self._presets(events), **self._aliases(events)})

    def _presets(self, events: tuple[str, ...]) -> dict[str, str]:
        given = self._texts("presets") or ()
        for name in given:
            if name not in PRESETS:
                self._no_member("presets", name, PRESETS)
        return preset_of(Vocabulary(events=events, aliases={}), *(name for name in given if name in PRESETS))

    def _aliases(self, events: tuple[str, ...]) -> dict[str, str]:
        aliases: dict[str, str] = {}
        for alias, event in self._mapping("aliases", "event names and critical events").items():
            if isinstance(event, str) and event in events:
                aliases[alias] = event
                continue
            hint = suggestion(str(event), events)
            self.problems.append(f"`aliases.{alias}`: {event!r} is none of `events`{hint}")
        return aliases

    def _ssot(self) -> dict[Role, str]:
        chosen: dict[Role, str] = {}
        for name, value in self._mapping("ssot", "roles and qualified class names").items():
            if name not in SSOT_ROLES:
                self._no_member("ssot", name, SSOT_ROLES)
            elif isinstance(value, str) and _QUALNAME.fullmatch(value):
                chosen[Role(name)] = value
            else:
                self._wrong(f"ssot.{name}", "a qualified name such as `pkg.module.Class`", value)
        return chosen

    def _rules(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        given = self._texts(key)
        return default if given is None else self._known_codes(key, given)

    def _known_codes(self, key: str, codes: tuple[str, ...]) -> tuple[str, ...]:
        for code in codes:
            if not any(known.startswith(code) for known in self._codes):
                hint = suggestion(code, self._codes)
                self.problems.append(f"`{key}`: no rule is called `{code}`{hint}")
        return codes

    def _severity(self) -> dict[str, Severity | None]:
        chosen: dict[str, Severity | None] = {}
        for code, value in self._mapping("severity", "rule codes and severities").items():
            self._known_codes("severity", (code,))
            if value in (*Severity, OFF):
                chosen[code] = None if value == OFF else Severity(str(value))
            else:
                self._wrong(f"severity.{code}", f"one of {', '.join((*Severity, OFF))}", value)
        return chosen

    def _severities(self, key: str, default: tuple[Severity, ...]) -> tuple[Severity, ...]:
        given = self._texts(key)
        for name in given or ():
            if name not in tuple(Severity):
                self._no_member(key, name, Severity)
        return default if given is None else tuple(level for level in Severity if level in given)

    def _no_member(self, key: str, name: str, known: Iterable[str]) -> None:
        known = tuple(known)
        hint = suggestion(name, known) or f"; known are {', '.join(known)}"
        self.problems.append(f"`{key}`: unknown `{name}`{hint}")

    def _per_file_ignores(self) -> tuple[tuple[Glob, tuple[str, ...]], ...]:
        rows = []
        for pattern, value in self._mapping("per-file-ignores", "patterns and rule codes").items():
            key = f"per-file-ignores.{pattern}"
            glob = self._glob("per-file-ignores", pattern)
            codes = self._known_codes(key, self._listed(key, value))
            if glob is not None:
                rows.append((glob, codes))
        return tuple(rows)

    def _file(self, key: str) -> str | None:
        text = self._text(key)
        if text is not None and (self._root / text).is_dir():
            self._wrong(key, "a file", text)
        return text

    def _version(self, default: tuple[int, int]) -> tuple[int, int]:
        text = self._text("target-version")
        if text is None:
            return default
        match = _VERSION.fullmatch(text)
        if match is None:
            self._wrong("target-version", 'a Python version such as "3.12"', text)
            return default
        return (3, int(match[1]))

    def _platform(self, default: str) -> str:
        text = self._text("target-platform")
        if text is not None and text not in (*PLATFORMS, sys.platform):
            self._no_member("target-platform", text, PLATFORMS)
        return text or default

    def _python(self) -> Path | None:
        text = self._text("python")
        if text is None:
            return None
        path = self._root / text
        if not path.exists():
            self.problems.append(f"`python`: there is no {path}")
        return path

    def _type_checker(self) -> tuple[str, ...]:
        value = self._get("type-checker")
        if isinstance(value, list) and value:
            return self._listed("type-checker", value)
        if value is not None and value not in TYPE_CHECKERS:
            self._wrong("type-checker", '"mypy", "pyright" or a command as a list of words', value)
        return (str(value),) if value in TYPE_CHECKERS else ()

    def _vendor(self) -> str | None:
        text = self._text("runtime")
        if text is None or text == "import":
            return None
        folder = PurePosixPath(text.removeprefix(_VENDOR))
        if not text.startswith(_VENDOR) or folder.is_absolute() or ".." in folder.parts or not folder.parts:
            self._wrong("runtime", '"import" or "vendor:PATH" with a PATH below the root', text)
            return None
        return folder.as_posix()
