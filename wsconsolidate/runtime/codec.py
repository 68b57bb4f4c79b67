"""A frame becomes text, once for all connections that will get it."""

import json
from collections.abc import Callable
from importlib import import_module
from typing import Literal

from .errors import WebSocketPayloadError

EncoderName = Literal["json", "orjson", "msgspec"]
Default = Callable[[object], object]
Encode = Callable[[object], str]


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


def encoder_of(name: EncoderName = "json", default: Default | None = None) -> Encode:
    """A function that writes a frame as compact JSON, laid out as Starlette's `send_json` does.

    NaN and infinity are refused, because no browser could read the frame. `default` turns what
    JSON does not know into what it does, as in `json.dumps`. The function raises
    WebSocketPayloadError when the frame is not JSON; the cause says why.
    """
    write = _writer(name, default)

    def encode(frame: object) -> str:
        try:
            return write(frame)
        except (TypeError, ValueError, RecursionError) as error:
            raise WebSocketPayloadError(f"the frame cannot be written as JSON: {error}") from error

    return encode


def _writer(name: EncoderName, default: Default | None) -> Encode:
    plain = _json(default)
    if name == "orjson":
        return _orjson(plain, default)
    if name == "msgspec":
        return _msgspec(plain, default)
    return plain


def _json(default: Default | None) -> Encode:
    """What `json.dumps` does, with the C encoder that it makes anew for every call."""
    layout = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=default)
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return layout.encode
    write = make(None, layout.default, json.encoder.encode_basestring, None, ":", ",", False, False, False)
    return lambda frame: "".join(write(frame, 0))


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


encode = encoder_of()
"""Writes a frame with the standard library."""
