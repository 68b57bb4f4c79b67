"""A frame becomes text, once for all connections that will get it."""

import json
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Literal

from .errors import WebSocketPayloadError

EncoderName = Literal["json", "orjson", "msgspec"]
Default = Callable[[object], object]
Encode = Callable[[object], str]


def encode(frame: object, encoder: EncoderName = "json", default: Default | None = None) -> str:
    """The frame as compact JSON, laid out as Starlette's `send_json` does.

    NaN and infinity are refused, because no browser could read the frame. `default` turns what
    JSON does not know into what it does, as in `json.dumps`.

    Raises:
        WebSocketPayloadError: the frame is not JSON; the cause says why.
    """
    try:
        return _encoder(encoder, default)(frame)
    except (TypeError, ValueError, RecursionError) as error:
        raise WebSocketPayloadError(f"the frame cannot be written as JSON: {error}") from error


def size_of(text: str) -> int:
    """The bytes the text takes on the wire.

    Raises:
        WebSocketPayloadError: it holds half a surrogate pair, which UTF-8 cannot carry.
    """
    if text.isascii():
        return len(text)
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        raise WebSocketPayloadError(f"the frame cannot be written as UTF-8: {error}") from error


@lru_cache(maxsize=32)
def _encoder(name: EncoderName, default: Default | None) -> Encode:
    layout = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=default)
    plain = layout.encode
    if name == "orjson":
        return _orjson(plain, default)
    if name == "msgspec":
        return _msgspec(plain, default)
    return plain


def _orjson(plain: Encode, default: Default | None) -> Encode:
    orjson = import_module("orjson")
    as_json_does = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME

    def accelerated(frame: object) -> str:
        try:
            return str(orjson.dumps(frame, default, as_json_does), "utf-8")
        except TypeError:  # larger integers and other keys than orjson takes: json decides
            return plain(frame)

    return accelerated


def _msgspec(plain: Encode, default: Default | None) -> Encode:
    write = import_module("msgspec.json").Encoder(enc_hook=default).encode

    def accelerated(frame: object) -> str:
        try:
            return str(write(frame), "utf-8")
        except (TypeError, ValueError, OverflowError):
            return plain(frame)

    return accelerated
