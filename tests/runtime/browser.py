"""A real Chromium without a window, driven over its own protocol (CDP)."""

import asyncio
import json
import shutil
import tempfile
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--remote-debugging-port=0",
)


def executable():
    """The browser's path; the test is skipped where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or pytest.skip("needs chromium")


@asynccontextmanager
async def page():
    """An empty page."""
    from websockets.asyncio.client import connect

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        silent = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            executable(), *OPTIONS, f"--user-data-dir={home}", "about:blank", stdout=silent, stderr=silent
        )
        try:
            port, path = await written(Path(home) / "DevToolsActivePort")
            async with connect(f"ws://127.0.0.1:{port}{path}", max_size=None, open_timeout=60) as socket:
                yield await Page.opened(socket)
        finally:
            process.kill()
            await process.wait()


async def written(path):
    """The two lines that Chromium writes when it listens."""
    while not (path.exists() and len(lines := path.read_text().split()) == 2):
        await asyncio.sleep(0.05)
    return lines


class Page:
    """One tab."""

    def __init__(self, socket):
        self.socket = socket
        self.numbers = count(1)
        self.session = {}

    @classmethod
    async def opened(cls, socket):
        self = cls(socket)
        target = await self.call("Target.createTarget", url="about:blank")
        attached = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self.session = {"sessionId": attached["sessionId"]}
        await self.call("Page.enable")
        return self

    async def call(self, method, **params):
        number = next(self.numbers)
        await self.socket.send(json.dumps({"id": number, "method": method, "params": params, **self.session}))
        while (answer := json.loads(await self.socket.recv())).get("id") != number:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    async def go(self, url):
        await self.call("Page.navigate", url=url)

    async def reload(self):
        await self.call("Page.reload", ignoreCache=True)

    async def value(self, expression):
        """What a JavaScript expression comes to, or None while the page is being loaded."""
        answer = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    async def until(self, expression):
        while not await self.value(expression):
            await asyncio.sleep(0.05)
