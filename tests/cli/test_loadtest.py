"""The load test against real servers: one that keeps its word, and one that loses, repeats and mixes up."""

import json
import subprocess
import sys
import threading

import pytest

pytest.importorskip("websockets")
from websockets.sync.server import serve

EVENTS = ("agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed")


def loadtest(*arguments):
    command = [sys.executable, "-m", "wsconsolidate", "loadtest", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def server():
    """Starts servers that answer each message with what `answer(user, events)` makes of the five events."""
    running = []

    def start(answer):
        def handler(socket):
            user = socket.request.path[1:]
            for _ in socket:
                for name, owner in answer(user, [(name, user) for name in EVENTS]):
                    socket.send(json.dumps({"type": name, "payload": {"user": owner}}))

        running.append(serve(handler, "127.0.0.1", 0))
        threading.Thread(target=running[-1].serve_forever, daemon=True).start()
        return f"ws://127.0.0.1:{running[-1].socket.getsockname()[1]}/{{user}}"

    yield start
    for each in running:
        each.shutdown()


def test_the_runtime_loses_nothing_though_connections_break():
    done = loadtest("--self", "--users", "10", "--rounds", "6", "--reconnect", "50", "--format", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["ledger"]["delivered"] == outcome["ledger"]["accepted"] == 10 * 6 * 5
    assert (outcome["clean"], outcome["reconnections"], outcome["sessions"]) == (True, 5, True)
    assert outcome["latency_ms"]["p50"] <= outcome["latency_ms"]["p99"] <= outcome["latency_ms"]["max"]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (lambda _, events: events, set()),
        (lambda _, events: [*events, events[-1]], {"duplicated"}),
        (lambda _, events: events[:-1], {"missing"}),
        (lambda _, events: [*events, ("agent_started", "bob")], {"cross_user"}),
    ],
    ids=["faithful", "repeats", "forgets the last", "mixes up users"],
)
def test_a_server_is_told_what_it_did(server, answer, found):
    url = server(answer)
    done = loadtest(url, "--users", "3", "--rounds", "3", "--patience", "2", "--format", "json")
    ledger = json.loads(done.stdout)["ledger"]
    wrong = {name for name in ("missing", "duplicated", "reordered", "cross_user") if ledger[name]}
    assert found <= wrong
    assert done.returncode == (1 if found else 0)


def test_the_page_and_the_text_say_the_same(server, tmp_path):
    url = server(lambda _, events: events)
    page = tmp_path / "load.html"
    assert loadtest(url, "--users", "2", "--rounds", "2", "--format", "html", "-o", str(page)).returncode == 0
    text = page.read_text()
    assert "delivered   20 of 20 events" in text
    assert text.count("<rect") == 100
    assert '<h1 class="clean">Nothing was lost</h1>' in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name one server"),
        (("--self", "ws://x"), "name one server"),
        (("http://x",), "no address of a WebSocket"),
        (("ws://127.0.0.1:1/", "--users", "1"), "cannot connect 1 clients"),
        (("--self", "--header", "nonsense"), "NAME: VALUE"),
    ],
)
def test_bad_usage_says_what_to_do(arguments, words):
    done = loadtest(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
