// Small parts that several views show.

import { el } from "./dom.js";
import { go } from "./state.js";

export const MEANINGS = {
  emits: "its own code hands the event to a socket",
  delegates: "it calls a class that emits it",
  inherits: "it has it from a base",
  generic: "it sends whatever name it is given",
  declares: "a protocol's member",
  stub: "the method does nothing",
  missing: "there is no method for it",
};

export function badge(kind, text, extra = {}) {
  return el("span", { class: `badge ${kind}`, "data-word": text, ...extra }, text);
}

export function role(name) {
  return el("span", { class: "role", "data-role": name || "none" }, name || "no role");
}

// A path that may break behind its slashes.
export function place(path, line) {
  return el("span", { class: "place" }, line ? `${path}:${line}` : path);
}

// `agent_completed` may break behind the underscore.
export function eventName(name) {
  return name.split("_").flatMap((part, index) => (index ? ["_", el("wbr"), part] : [part]));
}

export function link(text, changes, extra = {}) {
  const follow = (event) => {
    event.preventDefault();
    go(changes);
  };
  return el("a", { href: `#${changes.view ?? ""}`, click: follow, ...extra }, text);
}

export function section(title, ...children) {
  const filled = children.flat(Infinity).filter(Boolean);
  return filled.length ? el("section", { class: "part" }, el("h3", {}, title), filled) : null;
}

// Buttons that narrow a list: each may be on or off, and none on means all.
export function chips(label, name, choices, chosen) {
  const toggle = (value) => {
    const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
    go({ [name]: next.join(",") || null, item: null });
  };
  const buttons = choices.map(([value, number]) =>
    el(
      "button",
      {
        type: "button",
        class: "chip",
        "aria-pressed": chosen.includes(value),
        "data-role": value,
        click: () => toggle(value),
      },
      value,
      el("span", { class: "number" }, number.toLocaleString("en")),
    ),
  );
  return el("div", { class: "chips", role: "group", "aria-label": label }, buttons);
}

export function picked(state, name) {
  return (state[name] ?? "").split(",").filter(Boolean);
}

// How often each value occurs, in the order given.
export function tally(values, order) {
  const counts = new Map(order.map((value) => [value, 0]));
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].filter(([, number]) => number > 0);
}

export function empty(text) {
  return el("p", { class: "empty" }, text);
}
