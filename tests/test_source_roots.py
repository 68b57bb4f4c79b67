"""Folders that a tree imports from, though they are no packages and nobody named them."""

import shutil
from pathlib import Path

import pytest

from wsconsolidate.config import Config
from wsconsolidate.discover import discover
from wsconsolidate.pipeline.analyze import analyze

EXAMPLE = Path(__file__).parents[1] / "fixtures" / "legacy_chat" / "input"

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
    "a module that imports the library of its name, and a file beside it that does": (
        {
            "models/transformers.py": "from transformers import Config\n",
            "models/llama.py": "from transformers import Config\n",
        },
        {"models/llama.py": "models.llama"},
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
    "two services with a folder src each": (
        {f"{service}/src/app/{name}.py": "" for service in ("alpha", "beta") for name in ("hub", service)},
        {"alpha/src/app/alpha.py": "alpha.src.app.alpha", "beta/src/app/hub.py": "beta.src.app.hub"},
    ),
    "a folder src that is a package": (
        {"src/hub.py": "Hub = 1\n", "src/main.py": "from src.hub import Hub\n", "lib/src/tool.py": ""},
        {"src/hub.py": "src.hub", "src/main.py": "src.main", "lib/src/tool.py": "tool"},
    ),
    "a folder src that only its tests take for a package": (
        {"chat/src/hub.py": "Hub = 1\n", "chat/tests/test_hub.py": "from src import hub\n"},
        {"chat/src/hub.py": "src.hub"},
    ),
    "a folder src and a library of this name": (
        {"src/hub.py": "", "src/main.py": "from src.elsewhere import Hub\nfrom source import hub\n"},
        {"src/hub.py": "hub", "src/main.py": "main"},
    ),
}


@pytest.mark.parametrize("title", ROWS)
def test_names(title: str, tmp_path: Path):
    texts, expected = ROWS[title]
    names = named(tmp_path, texts)
    assert {path: names[path] for path in expected} == expected


PLACES = {
    "a package without __init__.py": ("app", "from app.hub import Hub", "app."),
    "a module of it imported whole": ("app", "import app.hub", "app."),
    "what modules are imported from": ("app", "from hub import Hub", ""),
    "a folder called like a library": ("redis", "from redis import Redis", ""),
    "a folder src": ("src", "from src.hub import Hub", "src."),
}


@pytest.mark.parametrize("title", PLACES)
def test_names_below_the_analysed_folder(title: str, tmp_path: Path):
    folder, text, above = PLACES[title]
    names = named(tmp_path / folder, {"hub.py": "Hub = 1\n", "main.py": f"{text}\n"})
    assert names == {"hub.py": f"{above}hub", "main.py": f"{above}main"}


def test_a_folder_called_like_the_package_in_it_is_none(tmp_path: Path):
    texts = {"app/__init__.py": "", "app/app.py": "Hub = 1\n", "app/main.py": "from app.app import Hub\n"}
    assert named(tmp_path / "app", texts)["app/main.py"] == "app.main"


def named(root: Path, texts: dict[str, str]) -> dict[str, str]:
    """The names of the modules of a tree, by their paths."""
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return {file.path: file.module for file in discover([root], root, Config()).files}


def test_services_are_analysed_as_if_each_were_alone(tmp_path: Path):
    alone = told(tmp_path / "alone", "chat")
    assert alone.count("\n") > 100
    both = told(tmp_path / "both", "alpha/src", "beta/src")
    assert both == "".join(f"{place}:\n{alone.partition(chr(10))[2]}" for place in ("alpha.src", "beta.src"))


def told(root: Path, *services: str) -> str:
    """Each class with a role in copies of the example: its role, order of inheritance and events."""
    for service in services:
        shutil.copytree(EXAMPLE, root / service, ignore=shutil.ignore_patterns("pyproject.toml"))
    found = analyze([root], root, Config())
    lines: dict[str, list[str]] = {service.replace("/", "."): [] for service in services}
    for id, cast in found.casts.items():
        one = found.program.classes[id]
        place = next(name for name in lines if id.path.startswith(f"{name.replace('.', '/')}/"))
        orders = " ".join(name.removeprefix(f"{place}.") for name in one.mro.names)
        events = (f"  {event}: {seen.status}\n" for event, seen in found.coverage.get(id, {}).items())
        lines[place].append(f"{cast.role}: {orders}\n{''.join(events)}")
    return "".join(f"{place}:\n{''.join(sorted(texts))}" for place, texts in lines.items())
