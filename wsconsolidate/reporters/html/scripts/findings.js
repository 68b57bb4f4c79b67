// The findings, and the actions that they ask for.

import { actions, findings, report } from "./data.js";
import { el, prose, sentence } from "./dom.js";
import { List } from "./list.js";
import { badge, chips, empty, picked, place, tally } from "./parts.js";
import { matching } from "./search.js";
import { go } from "./state.js";

const SEVERITIES = ["error", "warning", "note"];
const PRIORITIES = ["high", "medium", "low"];
const FIXES = { safe: "fix", unsafe: "fix --unsafe" };

export function findingsView() {
  const textOf = (one) => `${one.code} ${one.rule} ${one.severity} ${one.message} ${one.path} ${one.symbol}`;
  const sorted = [...findings].sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || a.id - b.id,
  );
  return narrowed({
    label: "Findings",
    items: sorted,
    textOf,
    kind: "finding",
    row: findingRow,
    nothing: findings.length ? "No finding fits. Esc clears the search." : "No finding.",
    above: complaints(),
    facets: [
      ["Severities", "severity", (one) => one.severity, SEVERITIES],
      ["Rules", "rule", (one) => one.code, Object.keys(report.rules)],
    ],
  });
}

export function actionsView() {
  return narrowed({
    label: "Actions",
    items: actions,
    textOf: (one) => `${one.title} ${one.rule} ${one.priority} ${one.places.map((at) => at.path).join(" ")}`,
    kind: "action",
    row: actionRow,
    nothing: actions.length ? "No action fits. Esc clears the search." : "There is nothing to do.",
    above: null,
    facets: [
      ["Open or done", "done", (one) => (one.done ? "done" : "open"), ["open", "done"]],
      ["Priorities", "priority", (one) => one.priority, PRIORITIES],
      ["Who does it", "fix", fixOf, ["fix", "fix --unsafe", "by hand"]],
    ],
  });
}

export function fixOf(one) {
  return FIXES[one.fix] ?? "by hand";
}

function narrowed({ label, items, textOf, kind, row, nothing, above, facets }) {
  const list = new List({ label, render: row, open: (one) => go({ item: `${kind}:${one.id}` }) });
  const toolbar = el("div", { class: "toolbar" });
  const none = empty(nothing);
  return {
    element: el("div", { class: "stack" }, above, toolbar, list.element, none),
    list,
    update(state) {
      const searched = matching(state.q ?? "", items, textOf);
      const chosen = facets.map(([, name]) => picked(state, name));
      const shown = searched.filter((one) =>
        facets.every(([, , valueOf], index) => !chosen[index].length || chosen[index].includes(valueOf(one))),
      );
      toolbar.replaceChildren(
        ...facets.map(([title, name, valueOf, order], index) =>
          chips(title, name, tally(searched.map(valueOf), order), chosen[index]),
        ),
      );
      none.hidden = shown.length > 0;
      list.show(
        shown,
        shown.findIndex((one) => `${kind}:${one.id}` === state.item),
      );
      return `${shown.length} of ${items.length} ${label.toLowerCase()}`;
    },
  };
}

function findingRow(one) {
  return el(
    "div",
    { class: "two-lines", "data-severity": one.severity },
    el(
      "span",
      { class: "first" },
      badge("code", one.code),
      el("span", { class: "message" }, prose(one.message)),
    ),
    el(
      "span",
      { class: "second" },
      badge("severity", one.severity),
      one.fix ? badge("fixable", FIXES[one.fix]) : null,
      place(one.path, one.line),
    ),
  );
}

function actionRow(one) {
  const [first, ...others] = one.places;
  const more = others.length ? ` +${others.length}` : "";
  return el(
    "div",
    { class: one.done ? "two-lines done" : "two-lines" },
    el("span", { class: "first" }, tick(one), el("span", { class: "message" }, prose(sentence(one.title)))),
    el(
      "span",
      { class: "second" },
      badge("priority", one.priority),
      one.rule ? badge("code", one.rule) : null,
      one.fix && !one.done ? badge("fixable", FIXES[one.fix]) : null,
      first ? place(`${first.path}:${first.line}${more}`) : null,
    ),
  );
}

function tick(one) {
  return el("span", { class: "tick" }, el("span", { class: "spoken" }, one.done ? "done: " : "open: "));
}

function complaints() {
  if (!report.complaints.length) return null;
  return el(
    "ul",
    { class: "notice" },
    report.complaints.map((text) => el("li", {}, text)),
  );
}
