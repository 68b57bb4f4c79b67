// The event flow: a graph of the ways that an event takes from agent to socket, and the list of these ways.

import { lineAt, report, ways } from "./data.js";
import { counted, el, svg } from "./dom.js";
import { drawn, HEAD, LINE, MOST_LINES, WIDTH } from "./graph.js";
import { List } from "./list.js";
import { badge, empty } from "./parts.js";
import { matching } from "./search.js";
import { go } from "./state.js";

const MOST_WAYS = 60;
const NARROW = 700;
const LONGEST = 23;
const ZOOMS = [0.4, 0.5, 0.65, 0.8, 1, 1.25, 1.5];

export function flowView() {
  const canvas = el("div", { class: "canvas", tabindex: 0, role: "region", "aria-label": "Graph of the ways, can be scrolled" });
  const note = el("p", { class: "soft" });
  const list = new List({ label: "Ways of the event", render: row, open: (way) => go({ item: `way:${way.id}` }) });
  const events = el("div", { class: "toolbar" });
  const graph = new Drawing(canvas);
  dragged(canvas);
  return {
    element: el("div", { class: "stack flow" }, events, el("div", { class: "drawing" }, canvas, zoomer(graph)), note, list.element),
    list,
    graph,
    update(state) {
      const name = eventOf(state);
      const taken = name === "all" ? ways : ways.filter((way) => report.events[way.event] === name);
      const found = matching(state.q ?? "", taken, textOf);
      const sorted = [...found].sort((a, b) => a.arrives - b.arrives || b.hops.length - a.hops.length || a.id - b.id);
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
      { type: "button", class: `chip ${mark}`, "aria-pressed": name === chosen, click: () => go({ event: name, item: null }) },
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
    el("span", { class: "first" }, badge(way.arrives ? "arrives" : "lost", way.arrives ? "arrives" : "unsent"), el("b", {}, short(way.hops[0]))),
    el("span", { class: "second" }, el("code", {}, report.events[way.event]), `${counted(way.hops.length, "step")} to ${short(last)}`),
  );
}

class Drawing {
  constructor(canvas) {
    Object.assign(this, { canvas, zoom: 4, fitted: true, ways: [], key: "" });
    new ResizeObserver(() => this.fitted && this.fit()).observe(canvas);
  }

  show(shown, chosen) {
    const down = innerWidth < NARROW;
    const key = `${down} ${shown.map((way) => way.id)}`;
    if (key !== this.key) this.draw(shown, down);
    this.key = key;
    this.light(chosen);
  }

  draw(shown, down) {
    this.picture = shown.length ? drawn(shown, down) : null;
    if (!this.picture) return this.canvas.replaceChildren(empty("No way to show."));
    const { cards, arrows, width, height } = this.picture;
    this.svg = svg(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Ways from agent to socket" },
      arrowHeads(),
      arrows.map((arrow) => arrowLine(arrow)),
      cards.map((card) => (card.kind === "owner" ? ownerCard(card) : endCard(card))),
    );
    this.canvas.replaceChildren(this.svg);
    this.fit();
  }

  // Bring one way out and let the others step back.
  light(way) {
    if (!this.picture) return;
    this.svg.classList.toggle("one", Boolean(way));
    for (const part of [...this.picture.cards, ...this.picture.arrows]) {
      part.element.classList.toggle("lit", Boolean(way) && part.ways.has(way.id));
    }
    if (!way) return;
    const first = this.picture.cards.find((card) => card.ways.has(way.id) && card.starts);
    if (first) this.canvas.scrollTo({ left: first.x * this.scale - 24, top: first.y * this.scale - 24 });
  }

  fit() {
    if (!this.picture || !this.canvas.clientWidth) return;
    const room = Math.min(this.canvas.clientWidth / this.picture.width, 1);
    const smallest = innerWidth < NARROW ? 0.5 : 0.65;
    this.scaled(Math.max(room, smallest));
    this.fitted = true;
  }

  step(by) {
    const sizes = by > 0 ? ZOOMS : [...ZOOMS].reverse();
    const next = sizes.find((size) => (by > 0 ? size > this.scale + 0.01 : size < this.scale - 0.01));
    if (next) this.scaled(next);
    this.fitted = false;
  }

  scaled(scale) {
    if (!this.picture) return;
    this.scale = scale;
    this.svg.setAttribute("width", Math.round(this.picture.width * scale));
    this.svg.setAttribute("height", Math.round(this.picture.height * scale));
  }
}

function zoomer(graph) {
  const button = (sign, label, act) => el("button", { type: "button", class: "icon", "aria-label": label, title: label, click: act }, sign);
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
    if (event.pointerType === "mouse" && event.button === 0) start = { x: event.clientX + canvas.scrollLeft, y: event.clientY + canvas.scrollTop };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!start) return;
    if (!event.buttons) start = null;
    else canvas.scrollTo(start.x - event.clientX, start.y - event.clientY);
  });
}

function arrowHeads() {
  const head = (id) => svg("marker", { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto" }, svg("path", { d: "M0 0L8 4L0 8z" }));
  return svg("defs", {}, ["tip", "tip-lit", "tip-lost"].map(head));
}

function arrowLine(arrow) {
  arrow.element = svg("path", { class: arrow.lost ? "arrow lost" : "arrow", d: curve(arrow.points), "stroke-width": 1 + Math.min(3, Math.log2(arrow.ways.size)) });
  return arrow.element;
}

// A smooth line through the middles of the parts that dagre gives.
function curve(points) {
  const [first, ...rest] = points;
  const middle = (a, b) => `${(a.x + b.x) / 2} ${(a.y + b.y) / 2}`;
  const bends = rest.slice(0, -1).map((point, index) => `Q${point.x} ${point.y} ${index < rest.length - 2 ? middle(point, rest[index + 1]) : `${rest.at(-1).x} ${rest.at(-1).y}`}`);
  return rest.length > 1 ? `M${first.x} ${first.y}${bends.join("")}` : `M${first.x} ${first.y}L${rest[0].x} ${rest[0].y}`;
}

function ownerCard(card) {
  const open = () => (card.id >= 0 ? go({ item: `class:${card.id}` }) : null);
  const name = card.owner.slice(card.owner.lastIndexOf(".") + 1);
  const methods = [...card.methods].slice(0, MOST_LINES);
  const rows = methods.map(([method, line], index) => methodLine(card, method, line, index));
  const act = { tabindex: 0, role: "button", click: open, keydown: (event) => event.key === "Enter" && open() };
  const attributes = card.id >= 0 ? act : { role: "img", "aria-label": `${name}: ${[...card.methods.keys()].join(", ")}` };
  card.element = svg(
    "g",
    { class: "card", transform: `translate(${card.x} ${card.y})`, "data-role": card.role || "none", ...attributes },
    svg("title", {}, `${card.owner}\n${card.path}`),
    svg("rect", { class: "box", width: WIDTH, height: card.height, rx: 8 }),
    svg("path", { class: "edge", d: `M0 8a8 8 0 0 1 8 -8h${WIDTH - 16}a8 8 0 0 1 8 8z` }),
    svg("text", { class: "owner", x: 12, y: 25 }, cut(name)),
    rows,
  );
  return card.element;
}

function methodLine(card, method, line, index) {
  const y = HEAD + 13 + index * LINE;
  const left = card.methods.size - MOST_LINES;
  const text = left > 0 && index === MOST_LINES - 1 ? `+ ${left + 1} more` : cut(method);
  return [svg("text", { class: "method", x: 12, y }, text), svg("text", { class: "at", x: WIDTH - 10, y, "text-anchor": "end" }, `:${line}`), svg("title", {}, lineAt(card.path, line).trim())];
}

function endCard(card) {
  const text = card.kind === "socket" ? "socket" : "unsent here";
  card.element = svg(
    "g",
    { class: `card ${card.kind}`, transform: `translate(${card.x} ${card.y})`, role: "img", "aria-label": text },
    svg("rect", { class: "box", width: card.width, height: card.height, rx: 18 }),
    svg("text", { x: card.width / 2, y: 23, "text-anchor": "middle" }, text),
  );
  return card.element;
}

function cut(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
