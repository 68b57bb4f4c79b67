// The panel with everything about one thing.

import { classDetail } from "./class_detail.js";
import { actions, comparisons, findings, ways } from "./data.js";
import { el, find } from "./dom.js";
import { pairDetail } from "./duplicates.js";
import { actionDetail, findingDetail } from "./finding_detail.js";
import { go } from "./state.js";
import { wayDetail } from "./way_detail.js";

const panel = find("#detail");
const narrow = matchMedia("(max-width: 1020px)");
const KINDS = {
  class: (id, state) => classDetail(id, state),
  finding: (id) => findingDetail(findings[id]),
  action: (id) => actionDetail(actions[id]),
  pair: (id) => pairDetail(comparisons[id]),
  way: (id) => wayDetail(ways[id]),
};

export function showDetail(state) {
  const [kind, number] = (state.item ?? "").split(":");
  const content = KINDS[kind]?.(Number(number), state);
  panel.hidden = !content;
  panel.classList.toggle("broad", kind === "pair");
  document.body.classList.toggle("with-detail", Boolean(content));
  for (const covered of [find("#main"), find(".rail")]) covered.inert = Boolean(content) && narrow.matches;
  if (!content) return;
  const close = el(
    "button",
    {
      class: "icon close",
      type: "button",
      "aria-label": "Close the details",
      title: "Close (Esc)",
      click: closeDetail,
    },
    "×",
  );
  panel.replaceChildren(
    el("header", {}, el("h2", {}, content.title), close),
    el("div", { class: "body" }, content.children),
  );
  panel.setAttribute("aria-label", `Details: ${content.title}`);
  panel.scrollTop = 0;
  if (narrow.matches) panel.focus();
}

export function closeDetail() {
  go({ item: null });
  find(".view:not([hidden]) .list")?.focus();
}
