"""Which files matter: those whose bytes speak of sockets or events; all of them in a small tree."""

import re
from functools import cache

from wsconsolidate.config import Config
from wsconsolidate.model.event import Vocabulary
from wsconsolidate.model.source import SourceFile, Tree

SMALL = 2_000_000
"""Below this many bytes of source a tree is read whole: looking for what matters would not pay."""

Words = tuple[tuple[bytes, tuple[bytes, ...]], ...]
"""Words by what they have in common: most files do not hold that, and are asked no more."""

_WORDS: Words = (
    (b"sock", (b"websocket", b"web_socket", b"socketio", b"socket.io", b"flask_sock", b"sockjs")),
    (b"send", (b"send_json", b"send_text", b"send_str", b"send_bytes", b"group_send")),
    (b"write_message", (b"write_message",)),
    (b"app.state", (b"app.state",)),
    (b"wsconsolidate", (b"wsconsolidate",)),
    (b"engineio", (b"engineio",)),
    (b"channel_layer", (b"channel_layer",)),
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
    if _holds(lowered, _WORDS) or _holds(lowered, _spelt(vocabulary)):
        return True
    if any(word in lowered and called.search(lowered) for word, called in _CALLED):
        return True
    return any(word.search(data) for word in _SHORT)


def names_event(data: bytes, vocabulary: Vocabulary) -> bool:
    """True if the bytes hold the name of an event, in any case."""
    return _holds(data.lower(), _spelt(vocabulary))


def _holds(lowered: bytes, words: Words) -> bool:
    return any(common in lowered and any(word in lowered for word in alike) for common, alike in words)


def _spelt(vocabulary: Vocabulary) -> Words:
    """Every name of an event as it may be written: `agent_started`, `AgentStarted`."""
    return _both_ways(frozenset(name.lower() for name in (*vocabulary.events, *vocabulary.aliases)))


@cache
def _both_ways(names: frozenset[str]) -> Words:
    found: dict[bytes, list[bytes]] = {}
    for name in sorted(names):
        first = name.partition("_")[0].encode()
        found.setdefault(first, []).extend((name.encode(), name.replace("_", "").encode()))
    return tuple((first, tuple(spelt)) for first, spelt in found.items())
