"""Names, paths and code that would like to be HTML, a script, or to turn the text round."""

import re

from playwright.sync_api import expect

from tests.reporters.html.made import of_tree, written

PATH = "evil</script><img src=x onerror=alert(1)>/a'b\"c&amp;.py"
MARKS = "</script><script>alert(1)</script><!--<script> ]]> &lt; \" ' ` $ ${x}"
TRICKS = f"{MARKS} \u202eecalp\u2066 \u2028 \u2029 \ufeff \x0c"
CODE = f"""\
from starlette.websockets import WebSocket

class Pool:  # {TRICKS}
    def __init__(self):
        self.sockets: dict[str, list[WebSocket]] = {{}}  # {TRICKS}

    async def join(self, user, websocket: WebSocket):
        await websocket.accept()
        self.sockets.setdefault(user, []).append(websocket)

    async def send(self, user, message="{MARKS[:30].replace(chr(34), "")}"):
        for socket in self.sockets[user]:
            await socket.send_json({{"type": "agent_started", "data": message}})
"""


def test_they_are_shown_and_do_nothing(shown, tmp_path):
    text = of_tree(
        written(tmp_path / "tree", {PATH: CODE.replace("\u2028", "").replace("\x0c", ""), "b.py": CODE})
    )
    assert not set(text) & set("\u202e\u2066\u2028\u2029\ufeff\x0c")
    assert len(re.findall("</script", text, re.IGNORECASE)) == 3
    page_file = tmp_path / "page.html"
    page_file.write_text(text, encoding="utf-8", newline="\n")
    page = shown(page_file, "classes")
    page.locator("#view-classes .row").last.click()
    expect(page.locator("#detail .excerpt").first).to_contain_text("</script><script>alert(1)</script>")
    expect(page.locator("#detail .excerpt").first).to_contain_text("\\u202eecalp\\u2066")
    expect(page.locator("#detail")).to_contain_text(PATH)
    page.keyboard.press("9")
    expect(page.locator("#view-text")).to_contain_text(PATH)
    assert page.locator("img, [onerror]").count() == 0
    assert page.locator("script").count() == 3
