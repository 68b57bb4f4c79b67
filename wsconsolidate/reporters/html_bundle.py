"""The scripts and styles of the HTML page, each in one piece: ES modules joined without a build step."""

import base64
import hashlib
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files

FOLDER = files("wsconsolidate.reporters") / "html"
_IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
_EXPORTS = re.compile(r"\bexport\s*\{([^}]*)\};?")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*\n?", re.MULTILINE)


def text(name: str) -> str:
    """A file of the page."""
    return FOLDER.joinpath(name).read_text(encoding="utf-8")


def script(entry: str) -> str:
    """A module with everything that it imports: each becomes a function that is called once, in its turn."""
    bundle = _Bundle()
    bundle.add(entry)
    return '"use strict";\n' + "\n".join(bundle.parts)


def styles(names: Sequence[str]) -> str:
    """Style sheets, one after the other."""
    return "\n".join(text(name) for name in names)


def fingerprint(content: str) -> str:
    """What a content security policy calls this inline script or style."""
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@dataclass(frozen=True, slots=True)
class _Bundle:
    """The modules so far: the variable that holds each one's exports, and their text."""

    variables: dict[str, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)

    def add(self, name: str) -> str:
        """The variable of a module, which is put in behind those that it needs."""
        if name not in self.variables:
            body = _IMPORT.sub(lambda found: self._imported(name, found), text(name))
            self.variables[name] = f"module{len(self.variables)}"
            self.parts.append(_wrapped(name, self.variables[name], body))
        return self.variables[name]

    def _imported(self, importer: str, found: re.Match[str]) -> str:
        needed = posixpath.normpath(posixpath.join(posixpath.dirname(importer), found[2]))
        return f"const {{{found[1].replace(' as ', ': ')}}} = {self.add(needed)};"


def _wrapped(name: str, variable: str, body: str) -> str:
    exports = _EXPORT.findall(body)
    for listed in _EXPORTS.findall(body):
        exports += [_property(part) for part in listed.split(",")]
    kept = _SOURCE_MAP.sub("", _EXPORTS.sub("", _EXPORT.sub("", body))).strip()
    head, tail = f"const {variable} = (() => {{", f"return {{ {', '.join(exports)} }};\n}})();"
    return f"{_licence(name)}// {name}\n{head}\n{kept}\n{tail}"


def _licence(name: str) -> str:
    """The licence of what others wrote, which goes wherever their code goes."""
    if not name.startswith("vendor/"):
        return ""
    licence = text(f"{name.partition('.')[0]}.LICENSE")
    return f"/*!\n{licence}*/\n"


def _property(part: str) -> str:
    """`local as name` as `name: local`."""
    local, _, name = part.strip().partition(" as ")
    return f"{name}: {local}" if name else local
