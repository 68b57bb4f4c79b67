// The event flow: a graph of the ways that an event takes from agent to socket, and the list of these ways.

import { report, ways } from "./data.js";
import { counted, el } from "./dom.js";
import { Drawing } from "./drawing.js";
import { List } from "./list.js";
import { badge } from "./parts.js";
import { matching } from "./search.js";
import { go } from "./state.js";

const MOST_WAYS = 60;

export function flowView() {
  const canvas = el("div", {
    class: "canvas",
    tabindex: 0,
    role: "region",
    "aria-label": "Graph of the ways, can be scrolled",
  });
  const note = el("p", { class: "soft" });
  const list = new List({
    label: "Ways of the event",
    render: row,
    open: (way) => go({ item: `way:${way.id}` }),
  });
  const events = el("div", { class: "toolbar" });
  const graph = new Drawing(canvas);
  dragged(canvas);
  return {
    element: el(
      "div",
      { class: "stack flow" },
      events,
      el("div", { class: "drawing" }, canvas, zoomer(graph)),
      note,
      list.element,
    ),
    list,
    graph,
    update(state) {
      const name = eventOf(state);
      const taken = name === "all" ? ways : ways.filter((way) => report.events[way.event] === name);
      const found = matching(state.q ?? "", taken, textOf);
      const sorted = [...found].sort(
        (a, b) => a.arrives - b.arrives || b.hops.length - a.hops.length || a.id - b.id,
      );
      const chosen = sorted.findIndex((way) => `way:${way.id}` === state.item);
      events.replaceChildren(eventChips(name));
      const shown = sorted.slice(0, MOST_WAYS);
      if (chosen >= MOST_WAYS) shown.push(sorted[chosen]);
      graph.show(shown, sorted[chosen]);
      note.textContent = told(shown.length, found.length, taken);
      list.show(sorted, chosen);
      return counted(found.length, "way");
    },
  };
}

// The event that is looked at: that of the chosen way, else the one named, else the first.
function eventOf(state) {
  const [kind, id] = (state.item ?? "").split(":");
  if (state.event === "all") return "all";
  if (kind === "way" && ways[id]) return report.events[ways[id].event];
  return report.events.includes(state.event) ? state.event : report.events[0];
}

function textOf(way) {
  return way.hops.map((hop) => hop.symbol).join(" ");
}

function told(shown, found, taken) {
  if (!taken.length) return "Nothing in the program starts this event.";
  const lost = taken.filter((way) => !way.arrives).length;
  const some = shown < found ? `; the graph shows ${shown} of them` : "";
  return `${counted(found, "way")}${lost ? `, ${lost} of them ${lost === 1 ? "ends" : "end"} unsent` : ", all reach the socket"}${some}. Choose one to follow it step by step.`;
}

function eventChips(chosen) {
  const names = [...report.events, ...(report.events.length > 1 ? ["all"] : [])];
  const chip = (name) => {
    const taken = ways.filter((way) => name === "all" || report.events[way.event] === name);
    const lost = taken.some((way) => !way.arrives);
    const mark = taken.length ? (lost ? "partly" : "well") : "badly";
    return el(
      "button",
      {
        type: "button",
        class: `chip ${mark}`,
        "aria-pressed": name === chosen,
        click: () => go({ event: name, item: null }),
      },
      name === "all" ? "all events" : name,
      el("span", { class: "number" }, String(taken.length)),
    );
  };
  return el("div", { class: "chips", role: "group", "aria-label": "Event" }, names.map(chip));
}

function row(way) {
  const short = (hop) => hop.symbol.split(".").slice(-2).join(".");
  const last = way.hops.at(-1);
  return el(
    "div",
    { class: "two-lines" },
    el(
      "span",
      { class: "first" },
      badge(way.arrives ? "arrives" : "lost", way.arrives ? "arrives" : "unsent"),
      el("b", {}, short(way.hops[0])),
    ),
    el(
      "span",
      { class: "second" },
      el("code", {}, report.events[way.event]),
      `${counted(way.hops.length, "step")} to ${short(last)}`,
    ),
  );
}

function zoomer(graph) {
  const button = (sign, label, act) =>
    el("button", { type: "button", class: "icon", "aria-label": label, title: label, click: act }, sign);
  return el(
    "div",
    { class: "zoom", role: "group", "aria-label": "Zoom" },
    button("−", "Smaller", () => graph.step(-1)),
    button("⤢", "Fit", () => graph.fit()),
    button("+", "Larger", () => graph.step(1)),
  );
}

function dragged(canvas) {
  let start = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button === 0)
      start = { x: event.clientX + canvas.scrollLeft, y: event.clientY + canvas.scrollTop };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!start) return;
    if (!event.buttons) start = null;
    else canvas.scrollTo(start.x - event.clientX, start.y - event.clientY);
  });
}
