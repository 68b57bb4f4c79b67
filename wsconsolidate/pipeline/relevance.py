"""Which files matter: those whose bytes speak of sockets or events; all of them in a small tree."""

import re
from collections.abc import Iterable

from wsconsolidate.config import Config
from wsconsolidate.model.event import Vocabulary
from wsconsolidate.model.source import SourceFile

SMALL = 2_000_000
"""Below this many bytes of source a tree is read whole: looking for what matters would not pay."""

_WORDS = (
    b"websocket",
    b"web_socket",
    b"socketio",
    b"socket.io",
    b"send_json",
    b"send_text",
    b"send_str",
    b"send_bytes",
    b"write_message",
    b"emit",
    b"app.state",
    b"broadcast",
    b"wsconsolidate",
)
_SHORT = re.compile(rb"(?<![A-Za-z])(?:ws|WS|Ws)(?![a-z])")


def matters(files: tuple[SourceFile, ...], config: Config) -> tuple[SourceFile, ...]:
    """The files that have to be read in any case; of two that one name stands for, both or none."""
    kept = [b"class %s" % name.rpartition(".")[2].encode() for name in config.ssot.values()]
    named = {
        file.module
        for file in files
        if is_relevant(file.data, config.vocabulary) or any(one in file.data for one in kept)
    }
    return tuple(file for file in files if file.module in named)


def is_relevant(data: bytes, vocabulary: Vocabulary) -> bool:
    """True if the bytes of a file hold a word of sockets or events, in any case."""
    lowered = data.lower()
    spelt = any(word in lowered for word in _WORDS) or _SHORT.search(data) is not None
    return spelt or names_event(data, vocabulary)


def names_event(data: bytes, vocabulary: Vocabulary) -> bool:
    """True if the bytes hold the name of an event, in any case."""
    lowered = data.lower()
    return any(word in lowered for word in _spelt(vocabulary))


def _spelt(vocabulary: Vocabulary) -> Iterable[bytes]:
    """Every name of an event as it may be written: `agent_started`, `AgentStarted`."""
    for name in (*vocabulary.events, *vocabulary.aliases):
        written = name.lower().encode()
        yield from (written, written.replace(b"_", b""))
