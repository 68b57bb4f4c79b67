"""Which files get their bodies read."""

import pytest

from wsconsolidate.model.event import CRITICAL_EVENTS, Vocabulary
from wsconsolidate.pipeline.relevance import is_relevant

VOCABULARY = Vocabulary(events=CRITICAL_EVENTS, aliases={"run_done": "agent_completed"})

ROWS = {
    b"from starlette import WebSocket": True,
    b"await x.send_json({})": True,
    b"TYPE = 'agent_started'": True,
    b"AGENT_STARTED = 1": True,
    b"log('run_done')": True,
    b"def total(a, b): return a + b": False,
    b"": False,
}


@pytest.mark.parametrize("data", sorted(ROWS))
def test_relevant(data: bytes):
    assert is_relevant(data, VOCABULARY) is ROWS[data]


def test_what_a_relevant_file_imports_is_read_too(study):
    files = {
        "app/main.py": "from app.services import hub\n\nasync def route(websocket):\n    hub.join(1)\n",
        "app/services/__init__.py": "from ..hub import Hub\nhub = Hub()\n",
        "app/hub.py": "class Hub:\n    def join(self, member):\n        self.member = member\n",
        "app/far.py": "class Far:\n    def method(self):\n        return 1\n",
    }
    program = study(files).program
    assert program.modules["app.hub"].facts.has_bodies
    assert not program.modules["app.far"].facts.has_bodies


def test_who_imports_a_relevant_file_is_read_too(study):
    files = {
        "app/hub.py": "class Hub:\n    async def tell(self, member):\n        await member.send_json({})\n",
        "app/make.py": "from app.hub import Hub\n\ndef make():\n    return Hub()\n",
        "app/far.py": "from app.make import make\n\ndef run():\n    return make()\n",
    }
    program = study(files).program
    assert program.modules["app.make"].facts.has_bodies
    assert not program.modules["app.far"].facts.has_bodies
