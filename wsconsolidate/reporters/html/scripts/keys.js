// The keyboard: search, views, help.

import { closeDetail } from "./detail.js";
import { find } from "./dom.js";
import { go, now } from "./state.js";

export function setUpKeys(views) {
  const query = find("#query");
  const help = find("#help");
  find("#help-open").addEventListener("click", () => help.showModal());
  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || help.open) return;
    if (event.key === "Escape") leave(query);
    else if (event.target === query) fromSearch(event);
    else if (event.key === "/") focusSearch(event, query);
    else if (event.key === "?") help.showModal();
    else if (views[Number(event.key) - 1]) go({ view: views[Number(event.key) - 1], item: null });
  });
}

function focusSearch(event, query) {
  event.preventDefault();
  query.focus();
  query.select();
}

// First the search is cleared, then the details are closed.
function leave(query) {
  if (document.activeElement === query && query.value) {
    query.value = "";
    go({ q: null });
  } else if (now().item) closeDetail();
  else if (now().q) {
    query.value = "";
    go({ q: null });
  } else document.activeElement?.blur();
}

function fromSearch(event) {
  if (event.key !== "ArrowDown" && event.key !== "Enter") return;
  const list = find(".view:not([hidden]) .list:not([hidden])");
  if (!list) return;
  event.preventDefault();
  list.focus();
  list.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: false }));
  if (event.key === "Enter")
    list.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: false }));
}
