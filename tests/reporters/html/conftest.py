"""The page in a real Chromium without a window; a test fails if the page complains or asks for anything."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.reporters.html.made import of_tree
from tests.runtime.browser import OPTIONS, executable

FIXTURE = Path(__file__).parents[3] / "fixtures" / "legacy_chat" / "input"
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one module: while its driver lives a loop runs, and no test can start another."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable(), args=list(OPTIONS[:4]))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the example."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(of_tree(FIXTURE), encoding="utf-8", newline="\n")
    return path


@pytest.fixture
def shown(browser: Browser) -> Iterator[Callable]:
    """Opens a page at a view, in a window of its own."""
    contexts, complaints, asked, opened_files = [], [], [], []

    def opened(path: Path, view: str = "", *, width: int = 1280, height: int = 800, **settings):
        context = browser.new_context(viewport={"width": width, "height": height}, **settings)
        contexts.append(context)
        opened_files.append(path)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{path.as_uri()}#{view}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
    assert {url.rpartition("/")[2] for url in asked} <= {path.name for path in opened_files}
