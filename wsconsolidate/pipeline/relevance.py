"""Which files matter: those whose bytes speak of sockets or events; all of them in a small tree."""

import re
from functools import cache

from wsconsolidate.config import Config
from wsconsolidate.model.event import Vocabulary
from wsconsolidate.model.source import SourceFile, Tree

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
    b"app.state",
    b"wsconsolidate",
    b"flask_sock",
    b"sockjs",
    b"engineio",
    b"channel_layer",
    b"group_send",
)
_CALLED = (
    (b"emit", re.compile(rb"emit\w*\(|\.emit\b|emitter")),
    (b"broadcast", re.compile(rb"broadcast(?!_to\b|_tensors|_shapes|_arrays)\w*\(|\.broadcast\b")),
)
"""Words that prose and numerics use, too: they count where something of that name is called or defined."""
_SHORT = tuple(
    re.compile(rb"%s(?<!%s%s)(?![a-z])" % (word, before, word))
    for word, before in ((b"ws", b"[A-Za-z]"), (b"WS", b"[A-Z]"), (b"Ws", b"[A-Z]"))
)
"""The word alone, with the letters first: a search that begins with them skips from one to the next."""


def reads_all(tree: Tree, config: Config, whole: bool | None) -> bool:
    """True for a tree of which every file matters: a small one, or as the user wants it."""
    if whole is not None:
        return whole
    return config.require_complete or sum(len(file.data) for file in tree.files) <= SMALL


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
    if any(word in lowered for word in _WORDS) or any(word in lowered for word in _spelt(vocabulary)):
        return True
    if any(word in lowered and called.search(lowered) for word, called in _CALLED):
        return True
    return any(word.search(data) for word in _SHORT)


def names_event(data: bytes, vocabulary: Vocabulary) -> bool:
    """True if the bytes hold the name of an event, in any case."""
    lowered = data.lower()
    return any(word in lowered for word in _spelt(vocabulary))


def _spelt(vocabulary: Vocabulary) -> frozenset[bytes]:
    """Every name of an event as it may be written: `agent_started`, `AgentStarted`."""
    names = {name.lower() for name in (*vocabulary.events, *vocabulary.aliases)}
    return _both_ways(frozenset(names))


@cache
def _both_ways(names: frozenset[str]) -> frozenset[bytes]:
    return frozenset(one.encode() for name in names for one in (name, name.replace("_", "")))
