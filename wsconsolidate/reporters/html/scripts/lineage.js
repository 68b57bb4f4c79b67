// Inheritance as a tree: each class below its bases; a class with several bases stands below each of them.

import { classAt, classCount, qualname, report, roleOf, say, shortName } from "./data.js";
import { counted, el } from "./dom.js";
import { List } from "./list.js";
import { badge, empty, place, role } from "./parts.js";
import { matchingClasses } from "./search.js";
import { go } from "./state.js";

const DEEPEST = 12;
const OBJECT = "builtins.object";

export function lineageView() {
  const list = new List({
    label: "Inheritance",
    render: row,
    open: ({ id }) => id >= 0 && go({ item: `class:${id}` }),
  });
  const none = empty("No class fits. Esc clears the search.");
  const every = Array.from({ length: classCount }, (_, id) => id);
  let tree = null;
  return {
    element: el("div", { class: "stack" }, list.element, none),
    list,
    update(state) {
      tree ??= forest();
      const fitting = new Set(matchingClasses(state.q ?? "", every));
      const shown = state.q ? tree.filter(({ id }) => fitting.has(id)) : tree;
      none.hidden = shown.length > 0;
      const chosen = Number(state.item?.split(":")[1] ?? -1);
      list.show(shown, chosen < 0 ? -1 : shown.findIndex(({ id }) => id === chosen));
      return `${new Set(shown.map(({ id }) => id).filter((id) => id >= 0)).size} of ${classCount} classes`;
    },
  };
}

// All rows of the tree from top to bottom: those that something inherits from first, the single ones last.
function forest() {
  const [ids, below] = relations();
  const outside = [...below.keys()].filter((name) => !ids.has(name)).sort();
  const tops = Array.from({ length: classCount }, (_, id) => id).filter((id) => basesOf(id).length === 0);
  const rows = [];
  for (const name of outside) branch({ name, id: -1, depth: 0 }, below, rows);
  const families = tops.filter((id) => below.has(qualname(id)));
  const singles = tops.filter((id) => !below.has(qualname(id)));
  for (const id of [...families, ...singles]) branch({ name: qualname(id), id, depth: 0 }, below, rows);
  return rows;
}

function relations() {
  const ids = new Set();
  const below = new Map();
  for (let id = 0; id < classCount; id++) {
    ids.add(qualname(id));
    for (const base of basesOf(id)) below.set(base, [...(below.get(base) ?? []), id]);
  }
  return [ids, below];
}

function basesOf(id) {
  return report.classes.bases[id].map(say).filter((base) => base !== OBJECT);
}

function branch(top, below, rows) {
  const waiting = [top];
  while (waiting.length) {
    const row = waiting.pop();
    rows.push(row);
    const children = row.depth < DEEPEST ? (below.get(row.name) ?? []) : [];
    for (const id of [...children].reverse()) waiting.push({ name: qualname(id), id, depth: row.depth + 1 });
  }
}

function row({ name, id, depth }) {
  const lines = Array.from({ length: depth }, (_, level) =>
    el("i", { class: level === depth - 1 ? "turn" : "rail" }),
  );
  if (id < 0) return el("div", { class: "branch outside" }, lines, el("code", {}, name));
  const order = report.orders[report.classes.order[id]];
  return el(
    "div",
    { class: "branch" },
    lines,
    el("b", {}, shortName(id)),
    role(roleOf(id)),
    order === "exact" ? null : badge("order", order),
    place(say(report.classes.path[id]), report.classes.line[id]),
  );
}

// The order of one class, from itself to object.
export function orderOf(id) {
  const one = classAt(id);
  const steps = one.mro.map((name, index) =>
    el(
      "li",
      { class: name.startsWith("?") ? "unknown" : "", style: { "--depth": index } },
      index === 0 ? el("b", {}, name) : name,
    ),
  );
  return [
    el("ol", { class: "mro" }, steps),
    el("p", { class: "soft" }, `${one.order}; ${counted(one.methods, "method")}, inherited ones included`),
    one.problem ? el("p", { class: "notice" }, one.problem) : null,
  ];
}
