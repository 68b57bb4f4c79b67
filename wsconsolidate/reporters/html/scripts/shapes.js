// The shapes of the graph: cards for classes and modules, pills where ways end, arrows.

import { lineAt } from "./data.js";
import { svg } from "./dom.js";
import { HEAD, LINE, MOST_LINES, WIDTH } from "./graph.js";
import { go } from "./state.js";

const LONGEST = 23;

export function arrowHeads() {
  const head = (id) =>
    svg(
      "marker",
      {
        id,
        viewBox: "0 0 8 8",
        refX: 7,
        refY: 4,
        markerWidth: 9,
        markerHeight: 9,
        markerUnits: "userSpaceOnUse",
        orient: "auto",
      },
      svg("path", { d: "M0 0L8 4L0 8z" }),
    );
  return svg("defs", {}, ["tip", "tip-lit", "tip-lost"].map(head));
}

export function arrowLine(arrow) {
  arrow.element = svg("path", {
    class: arrow.lost ? "arrow lost" : "arrow",
    d: curve(arrow.points),
    "stroke-width": 1 + Math.min(3, Math.log2(arrow.ways.size)),
  });
  return arrow.element;
}

// A smooth line through the middles of the parts that dagre gives.
function curve(points) {
  const [first, ...rest] = points;
  const middle = (a, b) => `${(a.x + b.x) / 2} ${(a.y + b.y) / 2}`;
  const bends = rest
    .slice(0, -1)
    .map(
      (point, index) =>
        `Q${point.x} ${point.y} ${index < rest.length - 2 ? middle(point, rest[index + 1]) : `${rest.at(-1).x} ${rest.at(-1).y}`}`,
    );
  return rest.length > 1
    ? `M${first.x} ${first.y}${bends.join("")}`
    : `M${first.x} ${first.y}L${rest[0].x} ${rest[0].y}`;
}

export function ownerCard(card) {
  const open = () => (card.id >= 0 ? go({ item: `class:${card.id}` }) : null);
  const name = card.owner.slice(card.owner.lastIndexOf(".") + 1);
  const methods = [...card.methods].slice(0, MOST_LINES);
  const rows = methods.map(([method, line], index) => methodLine(card, method, line, index));
  const act = {
    tabindex: 0,
    role: "button",
    click: open,
    keydown: (event) => event.key === "Enter" && open(),
  };
  const attributes =
    card.id >= 0 ? act : { role: "img", "aria-label": `${name}: ${[...card.methods.keys()].join(", ")}` };
  card.element = svg(
    "g",
    {
      class: "card",
      transform: `translate(${card.x} ${card.y})`,
      "data-role": card.role || "none",
      ...attributes,
    },
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
  return [
    svg("text", { class: "method", x: 12, y }, text),
    svg("text", { class: "at", x: WIDTH - 10, y, "text-anchor": "end" }, `:${line}`),
    svg("title", {}, lineAt(card.path, line).trim()),
  ];
}

export function endCard(card) {
  const text = card.kind === "socket" ? "socket" : "unsent here";
  card.element = svg(
    "g",
    {
      class: `card ${card.kind}`,
      transform: `translate(${card.x} ${card.y})`,
      role: "img",
      "aria-label": text,
    },
    svg("rect", { class: "box", width: card.width, height: card.height, rx: 18 }),
    svg("text", { x: card.width / 2, y: 23, "text-anchor": "middle" }, text),
  );
  return card.element;
}

function cut(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
