// The way of an event, step by step.

import { coloured } from "./code.js";
import { lineAt, report } from "./data.js";
import { counted, el } from "./dom.js";
import { place } from "./parts.js";

// The way of an event, step by step, down to the socket or to where it ends unsent.
const ENDS = { arrives: "the socket", lost: "ends here, unsent" };

// `end` says how it ends: at the socket, unsent, or null where that depends on the name it is given.
export function steps(hops, end) {
  const lines = hops.map(({ symbol, path, line }) => {
    const text = lineAt(path, line).trim();
    return el(
      "li",
      {},
      el("b", {}, symbol.split(".").slice(-2).join(".")),
      place(path, line),
      text ? el("code", { class: "quote" }, coloured(text)) : null,
    );
  });
  return el("ol", { class: "steps" }, lines, end ? el("li", { class: `end ${end}` }, ENDS[end]) : null);
}

export function wayDetail(way) {
  if (!way) return null;
  const title = `${report.events[way.event]} ${way.arrives ? "reaches the socket" : "ends unsent"}`;
  return {
    title,
    children: [
      el(
        "p",
        { class: "lead" },
        `${counted(way.hops.length, "step")} from ${way.hops[0].symbol.split(".").slice(-2).join(".")}.`,
      ),
      steps(way.hops, way.arrives ? "arrives" : "lost"),
    ],
  };
}
