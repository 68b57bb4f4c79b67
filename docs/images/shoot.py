"""Photographs the HTML report of the example in Chromium, for the pages of the documentation.

    python docs/images/shoot.py

Letters look different where other fonts are installed, so nobody compares the pictures: look at them.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent
EXAMPLE = FOLDER.parents[1] / "fixtures" / "legacy_chat" / "input"
WIDE, PHONE = (1360, 850), (320, 640)
PICTURES = (
    ("report", "light", WIDE, "flow?event=agent_started&item=way:1"),
    ("report-dark", "dark", WIDE, "flow?event=agent_started&item=way:1"),
    ("report-overview", "light", WIDE, "overview"),
    ("report-events", "light", WIDE, "events?item=class:8&event=agent_thinking"),
    ("report-duplicates", "dark", WIDE, "duplicates?item=pair:7"),
    ("report-fix", "light", WIDE, "actions?item=action:1"),
    ("report-phone", "light", PHONE, "events"),
)


def main() -> None:
    """Write the report, and a picture of each of these views."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        page_file = Path(folder) / "report.html"
        command = [sys.executable, "-m", "wsconsolidate", "report", "--html", EXAMPLE, "-o", page_file, "-q"]
        subprocess.run(command, check=True)  # noqa: S603 - our own command
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, colours, (width, height), view in PICTURES:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=colours)
            page.goto(f"{page_file.as_uri()}#{view}")
            page.wait_for_selector("html[data-ready]")
            page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 300)))")
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()
        browser.close()
    _squeezed([FOLDER / f"{name}.png" for name, *_ in PICTURES])


def _squeezed(pictures: list[Path]) -> None:
    """The pictures with fewer colours, a third of their size, where pngquant is installed."""
    tool = shutil.which("pngquant")
    if tool is not None:
        subprocess.run([tool, "--force", "--ext", ".png", "--", *pictures], check=True)  # noqa: S603 - found above


if __name__ == "__main__":
    main()
