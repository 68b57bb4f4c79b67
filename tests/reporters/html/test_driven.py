"""What a reader does with the page: search, filter, follow an event, look at a class, go back."""

import re

import pytest
from playwright.sync_api import expect

from tests.reporters.html.made import VIEWS, of_tree, written

OTHER_NAMES = """\
from starlette.websockets import WebSocket


class Pool:
    def __init__(self):
        self.sockets: dict[str, WebSocket] = {}

    async def join(self, user, websocket: WebSocket):
        await websocket.accept()
        self.sockets[user] = websocket

    async def leave(self, user):
        del self.sockets[user]

    async def send(self, user, message):
        await self.sockets[user].send_json({"type": "price_changed", "data": message})
"""


def test_it_opens_with_what_matters(shown, example):
    page = shown(example)
    expect(page.get_by_role("heading", name="All 5 critical events reach the socket")).to_be_visible()
    expect(page.get_by_role("img", name="17 percent consolidated")).to_be_visible()
    expect(page.get_by_role("link", name="38 classes play a role")).to_contain_text("1 more in tests")
    expect(page.locator(".hero")).to_contain_text("Risk high: 10 findings mean that an event can be lost")
    expect(
        page.get_by_role("link", name="websocket_core.unified_manager.UnifiedWebSocketManager")
    ).to_be_visible()


def test_the_keyboard_searches_opens_and_closes(shown, example):
    page = shown(example)
    page.keyboard.press("/")
    page.keyboard.type("user_emitter usersock")
    expect(page.locator("#view-classes .row")).to_have_count(0)
    expect(page.get_by_text("No class fits")).to_be_visible()
    page.locator("#query").fill("services userwebsocket")
    expect(page.locator("#view-classes .row")).to_have_count(1)
    expect(page.locator("#matches")).to_have_text("1 of 39 classes")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2")).to_have_text("UserWebSocketEmitter")
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#query")).to_have_value("")
    assert page.locator("#view-classes .row").count() > 5


def test_digits_change_the_view_and_back_goes_back(shown, example):
    page = shown(example)
    for number, view in enumerate(VIEWS[:9], 1):
        page.keyboard.press(str(number))
        expect(page.locator(f"#view-{view}")).to_be_visible()
        expect(page.locator(".rail [aria-current]")).to_have_attribute("data-view", view)
    page.go_back()
    expect(page.locator("#view-lineage")).to_be_visible()


def test_digits_are_text_in_the_search(shown, example):
    page = shown(example, "classes")
    page.keyboard.press("/")
    page.keyboard.type("3/")
    expect(page.locator("#query")).to_have_value("3/")
    expect(page.locator("#view-classes")).to_be_visible()


def test_chips_narrow_the_list_and_stay_in_the_address(shown, example):
    page = shown(example, "classes")
    page.get_by_role("button", name=re.compile("^emitter")).click()
    page.get_by_role("button", name=re.compile("^rewrite")).click()
    expect(page.locator("#view-classes .row")).to_have_count(1)
    assert "role=emitter" in page.url
    page.reload()
    expect(page.locator("#view-classes .row")).to_have_count(1)
    expect(page.get_by_role("button", name=re.compile("^emitter"))).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_follow_the_system_until_the_reader_chooses(shown, example, scheme):
    page = shown(example, color_scheme=scheme)
    ground = "getComputedStyle(document.body).backgroundColor"
    pressed = {"light": "false", "dark": "true"}
    other = {"light": "dark", "dark": "light"}[scheme]
    before = page.evaluate(ground)
    expect(page.locator("#theme")).to_have_attribute("aria-pressed", pressed[scheme])
    page.locator("#theme").click()
    assert page.evaluate(ground) != before
    page.reload()
    expect(page.locator("#theme")).to_have_attribute("aria-pressed", pressed[other])


def test_a_chosen_way_is_lit_from_agent_to_socket(shown, example):
    page = shown(example, "flow?event=agent_started")
    cards = page.locator(".card:not(.socket, .lost)")
    everything = cards.count()
    page.get_by_role("option", name=re.compile("websocket_chat.chat")).click()
    lit = page.locator(".card.lit .owner")
    assert lit.all_inner_texts() != []
    names = {text.text_content() for text in lit.element_handles()}
    assert names == {
        "websocket_chat",
        "ExecutionEngine",
        "WebSocketNotifier",
        "AgentWebSocketBridge",
        "UnifiedWebSocketManager",
        "WebSocketConnection",
    }
    assert everything > len(names)
    expect(page.locator(".card.socket.lit")).to_have_count(1)
    expect(page.locator("#detail .steps li")).to_have_count(11)
    expect(page.locator("#detail .steps li").last).to_have_text("the socket")
    expect(page.locator("#detail .steps .quote").last).to_have_text("await self.websocket.send_json(message)")


def test_where_an_event_ends_unsent_is_marked(shown, example):
    page = shown(example, "flow?event=agent_completed")
    expect(page.locator(".card.lost")).to_have_count(2)
    page.get_by_role("option", name=re.compile("unsent.*MixedDispatchEmitter")).click()
    expect(page.locator(".card.lost.lit")).to_have_count(1)
    expect(page.locator("#detail .steps li").last).to_have_text("ends here, unsent")
    page.get_by_role("button", name=re.compile("^agent_thinking")).click()
    expect(page.locator(".card.lost")).to_have_count(0)


def test_a_cell_of_the_heat_map_leads_to_that_event_of_the_class(shown, example):
    page = shown(example, "events?q=activityfeed")
    row = page.get_by_role("row", name=re.compile("AgentActivityFeed"))
    expect(row.get_by_role("gridcell")).to_have_text(
        [re.compile(word) for word in ("delegates", "stub", *["delegates"] * 3)]
    )
    row.get_by_role("gridcell").nth(1).click()
    expect(page.locator("#detail h2")).to_have_text("AgentActivityFeed")
    expect(page.locator("#detail details[open] summary")).to_contain_text("agent_thinking")


def test_arrows_move_through_the_heat_map(shown, example):
    page = shown(example, "events")
    page.get_by_role("grid").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#detail details[open] summary")).to_contain_text("tool_executing")
    expect(page.locator("#detail h2")).to_have_text("WebSocketNotifier")


def test_a_class_comes_with_evidence_code_order_and_findings(shown, example):
    page = shown(example, "classes?q=realtime notificationhub")
    page.locator("#view-classes .row").first.click()
    detail = page.locator("#detail")
    expect(detail.get_by_text("self.connections holds several live connections")).to_be_visible()
    expect(detail.locator(".line.marked").first).to_contain_text("class NotificationHub:")
    expect(detail.locator(".mro li")).to_have_text(
        ["realtime.connection_hub.NotificationHub", "builtins.object"]
    )
    detail.get_by_role("link", name=re.compile("has no limit|iterates|sends")).first.click()
    expect(page.locator("#view-findings")).to_be_visible()


def test_an_action_comes_with_the_diff_that_fix_would_make(shown, example):
    page = shown(example, "actions?fix=fix")
    page.get_by_role("option", name=re.compile("notification_protocols")).click()
    diff = page.locator("#detail .diff")
    expect(diff.locator(".removed").first).to_have_text("-from typing import Any, Dict, Protocol")
    expect(diff.locator(".added").first).to_contain_text("+from websocket_core.protocols import")


def test_an_unsafe_fix_names_its_risk(shown, example):
    page = shown(example, "findings?q=wsc103 user_emitter")
    page.locator("#view-findings .row").first.click()
    expect(page.locator("#detail .notice")).to_contain_text("Judge first")
    expect(page.locator("#detail .diff")).to_be_visible()


def test_duplicates_stand_side_by_side_with_what_differs_marked(shown, example):
    page = shown(example, "duplicates?q=contracts")
    page.locator("#view-duplicates .row").first.click()
    sides = page.locator("#detail .sides")
    expect(sides.locator("tr").first).to_contain_text("class WebSocketManagerProtocol(Protocol):")
    assert sides.locator("mark").count() > 2
    assert sides.locator("td.removed").count() > 2
    assert sides.locator("td.added").count() > 2


def test_bases_are_drawn_above_what_inherits_from_them(shown, example):
    page = shown(example, "lineage?q=throttled")
    names = page.locator("#view-lineage .row b").all_inner_texts()
    assert names.count("ThrottledWebSocketEmitter") == 2
    expect(page.locator("#view-lineage .row i.turn").first).to_be_visible()


def test_what_was_not_seen_is_told(shown, example):
    page = shown(example, "unseen")
    expect(page.locator("#view-unseen")).to_contain_text(
        "event chosen at run time in services.dynamic_emitter"
    )


def test_the_help_tells_the_keys(shown, example):
    page = shown(example)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_program_with_events_of_other_names_is_not_accused(shown, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(of_tree(written(tmp_path / "tree", {"pool.py": OTHER_NAMES})), encoding="utf-8")
    page = shown(path)
    expect(
        page.get_by_role("heading", name="No class sends any of the 5 critical events by its name")
    ).to_be_visible()
    expect(page.locator(".arrival.unknown")).to_have_count(5)
    page.keyboard.press("2")
    expect(page.get_by_text("are told in the configuration: events and aliases")).to_be_visible()
