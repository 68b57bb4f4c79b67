"""Which files need their bodies read: those that speak of sockets or events, and their neighbours."""

from collections.abc import Iterable, Mapping

from wsconsolidate.model.event import Vocabulary
from wsconsolidate.model.facts import FileFacts, ImportBinding
from wsconsolidate.model.imports import origin
from wsconsolidate.model.source import SourceFile

_WORDS = (
    b"websocket",
    b"socketio",
    b"send_json",
    b"send_text",
    b"send_str",
    b"write_message",
    b"emit",
    b"app.state",
    b"broadcast",
    b"flask_sock",
    b"sockjs",
    b"engineio",
    b"channel_layer",
    b"group_send",
)


def is_relevant(data: bytes, vocabulary: Vocabulary) -> bool:
    """True if the bytes of a file hold a word of sockets or events, in any case."""
    lowered = data.lower()
    names = (*vocabulary.events, *vocabulary.aliases)
    return any(word in lowered for word in (*_WORDS, *(name.lower().encode() for name in names)))


def imported(
    start: Iterable[SourceFile], facts: Mapping[str, FileFacts], files: Iterable[SourceFile]
) -> set[str]:
    """The paths of all files that `start` imports, directly or through others, inside the tree."""
    by_module = {file.module: file for file in files}
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        file = waiting.pop()
        for module in _imports(file, facts.get(file.path)):
            target = by_module.get(module)
            if target is not None and target.path not in reached:
                reached.add(target.path)
                waiting.append(target)
    return reached


def importing(
    wanted: Iterable[SourceFile], facts: Mapping[str, FileFacts], files: Iterable[SourceFile]
) -> set[str]:
    """The paths of the files that import one of `wanted` directly: who hands things to it, or hides it."""
    modules = {file.module for file in wanted}
    return {file.path for file in files if not modules.isdisjoint(_imports(file, facts.get(file.path)))}


def _imports(file: SourceFile, facts: FileFacts | None) -> Iterable[str]:
    for scope in facts.scopes if facts else ():
        for binding in scope.bindings:
            if isinstance(binding, ImportBinding):
                source = origin(binding, file.module, is_package=file.is_package)
                yield source
                if binding.attribute:
                    yield f"{source}.{binding.attribute}"
