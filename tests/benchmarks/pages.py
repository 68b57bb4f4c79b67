"""How fast a page with many classes is in Chromium: `python -m tests.benchmarks.pages [CLASSES [ROLES]]`."""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.conftest import CHAT
from tests.reporters.html.made import of_many, written
from tests.runtime.browser import OPTIONS, executable
from wsconsolidate.config import Config
from wsconsolidate.pipeline.analyze import analyze

SCROLLED = """async (view) => {
  const list = document.querySelector(`#view-${view} .list`);
  for (let step = 0; step < 100; step++) {
    list.scrollTop += 997 * (step + 1);
    await new Promise(requestAnimationFrame);
  }
}"""
TYPED = """() => {
  const query = document.querySelector("#query");
  for (const text of ["e", "em", "emi", "emit", "emit 5", "emit 59", "emit 5", "emit", "em", ""]) {
    query.value = text;
    query.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""


@dataclass(frozen=True, slots=True)
class Clock:
    """The processor time of a page's main thread in ms, whatever else the machine does."""

    session: CDPSession

    @classmethod
    def of(cls, page: Page) -> "Clock":
        """The clock of a page that is still empty."""
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        return cls(session)

    def now(self) -> float:
        """What was used so far."""
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return next(one["value"] * 1000 for one in metrics if one["name"] == "TaskDuration")


def main(classes: int = 60_000, with_role: int = 3_000) -> None:
    """Make the page, open it, scroll, search, and print what it took."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        page_file = Path(folder) / "page.html"
        tree = written(Path(folder) / "tree", CHAT)
        text = of_many(analyze([tree], tree, Config()), classes, with_role)
        page_file.write_text(text, encoding="utf-8", newline="\n")
        print(f"{classes:,} classes, {with_role:,} with a role: {page_file.stat().st_size / 1e6:.1f} MB")
        browser = driver.chromium.launch(executable_path=executable(), args=list(OPTIONS[:4]))
        for view in ("overview", "classes", "events", "lineage"):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            print(_measured(page, page_file, view))
            page.close()
        browser.close()


def _measured(page: Page, page_file: Path, view: str) -> str:
    clock = Clock.of(page)
    page.goto(f"{page_file.as_uri()}#{view}")
    page.wait_for_selector("html[data-ready]")
    opened = clock.now()
    ready = page.evaluate("performance.getEntriesByName('ready')[0].startTime")
    told = f"{view:9} ready after {ready:.0f} ms, {opened:.0f} ms of them work"
    if view == "overview":
        return told
    page.evaluate(SCROLLED, view)
    scrolled = clock.now()
    page.evaluate(TYPED)
    typed = clock.now()
    frame, letter = (scrolled - opened) / 100, (typed - scrolled) / 10
    return f"{told}; work for a frame {frame:.1f} ms, for a letter {letter:.0f} ms"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
