"""Folders that a tree imports from, though they are no packages and nobody named them."""

from pathlib import Path

import pytest

from wsconsolidate.config import Config
from wsconsolidate.discover import discover

ROWS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "a folder above a package, which a file below it imports": (
        {
            "backend/app/__init__.py": "",
            "backend/app/hub.py": "class Hub: ...\n",
            "backend/app/main.py": "from app.hub import (\n    Hub,  # the one\n)\n",
            "tool.py": "",
        },
        {"backend/app/hub.py": "app.hub", "backend/app/main.py": "app.main", "tool.py": "tool"},
    ),
    "without any __init__.py": (
        {
            "backend/app/core/hub.py": "Hub = 1\n",
            "backend/app/main.py": "from app.core.hub import Hub as Center\n",
        },
        {"backend/app/core/hub.py": "app.core.hub", "backend/app/main.py": "app.main"},
    ),
    "a folder whose name cannot be imported": (
        {
            "chat-1.0/chat/__init__.py": "",
            "chat-1.0/chat/hub.py": "",
            "chat-1.0/run.py": "from chat import hub\n",
        },
        {"chat-1.0/chat/hub.py": "chat.hub", "chat-1.0/run.py": "run"},
    ),
    "the outermost of two": (
        {
            "backend/app/core/hub.py": "Hub = 1\n",
            "backend/app/main.py": "from app.core.hub import Hub\n",
            "backend/app/script.py": "from core.hub import Hub\n",
        },
        {"backend/app/core/hub.py": "app.core.hub"},
    ),
    "a module imported whole": (
        {"backend/app/hub.py": "", "backend/app/main.py": "import app.hub as center\n"},
        {"backend/app/hub.py": "app.hub"},
    ),
    "a library called like a module": (
        {
            "backend/utils/redis.py": "def connect(): ...\n",
            "backend/main.py": "import redis\nimport redis.asyncio\n",
        },
        {"backend/utils/redis.py": "backend.utils.redis"},
    ),
    "no import asks for it": (
        {"backend/app/__init__.py": "", "backend/app/main.py": "from fastapi import FastAPI\n"},
        {"backend/app/main.py": "backend.app.main"},
    ),
    "an import with the folder's name": (
        {"backend/app/hub.py": "Hub = 1\n", "backend/app/main.py": "from backend.app.hub import Hub\n"},
        {"backend/app/main.py": "backend.app.main"},
    ),
    "an example called like the library that it shows": (
        {
            "examples/fastapi/__init__.py": "",
            "examples/fastapi/main.py": "from fastapi import FastAPI, WebSocket\n",
        },
        {"examples/fastapi/main.py": "examples.fastapi.main"},
    ),
    "a file called like what it imports": (
        {"scripts/redis.py": "from redis import Redis\n"},
        {"scripts/redis.py": "scripts.redis"},
    ),
    "the standard library": (
        {"backend/json/__init__.py": "loads = 1\n", "backend/main.py": "from json import loads\n"},
        {"backend/main.py": "backend.main"},
    ),
    "two services that would be one module": (
        {
            f"{service}/app/{name}.py": text
            for service in ("alpha", "beta")
            for name, text in (("hub", "Hub = 1\n"), ("main", "from app.hub import Hub\n"))
        },
        {"alpha/app/main.py": "alpha.app.main", "beta/app/main.py": "beta.app.main"},
    ),
}


@pytest.mark.parametrize("title", ROWS)
def test_names(title: str, tmp_path: Path):
    texts, expected = ROWS[title]
    for path, text in texts.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    names = {file.path: file.module for file in discover([tmp_path], tmp_path, Config()).files}
    assert {path: names[path] for path in expected} == expected
