// Events by class: a row for each class that an event may pass, a cell for what it does for it.

import { classAt, coverageOf, covering, report, roleOf, statusOf } from "./data.js";
import { counted, el } from "./dom.js";
import { List } from "./list.js";
import { chips, empty, eventName, MEANINGS, picked, place, tally } from "./parts.js";
import { matchingClasses } from "./search.js";
import { go } from "./state.js";

export function heatView() {
  const every = covering();
  const head = headings(every);
  const list = new List({
    label: "Events by class",
    render: row,
    open: (id, column) => go({ item: `class:${id}`, event: report.events[column] }),
    head,
    grid: true,
    columns: report.events.length,
  });
  list.element.style.setProperty("--events", report.events.length);
  const toolbar = el("div", { class: "toolbar" });
  const none = empty("No class fits. Esc clears the search.");
  return {
    element: el("div", { class: "stack" }, toolbar, list.element, none, legend()),
    list,
    update(state) {
      const roles = picked(state, "role");
      const words = picked(state, "status");
      const searched = matchingClasses(state.q ?? "", every);
      const shown = searched.filter((id) => fits(id, roles, words));
      toolbar.replaceChildren(
        chips("Roles", "role", tally(searched.map(roleOf), report.roles), roles),
        chips("Statuses", "status", tally(searched.flatMap(statuses), report.statuses), words),
      );
      none.hidden = shown.length > 0;
      list.column = Math.max(0, report.events.indexOf(state.event));
      list.show(shown, shown.indexOf(Number(state.item?.split(":")[1] ?? -1)));
      return `${shown.length} of ${every.length} classes`;
    },
  };
}

function fits(id, roles, words) {
  return (
    (!roles.length || roles.includes(roleOf(id))) &&
    (!words.length || statuses(id).some((word) => words.includes(word)))
  );
}

// The different statuses of a class.
function statuses(id) {
  return [...new Set(report.events.map((_, event) => statusOf(id, event)))];
}

function headings(every) {
  const cells = report.events.map((event, index) => {
    const sent = every.filter((id) =>
      ["emits", "delegates", "inherits"].includes(statusOf(id, index)),
    ).length;
    return el(
      "div",
      { role: "columnheader", class: "event" },
      el("span", {}, eventName(event)),
      el("small", {}, `${sent} send it`),
    );
  });
  const first = el(
    "div",
    { role: "columnheader", class: "event" },
    el("span", {}, counted(every.length, "class", "classes")),
  );
  const line = el("div", { role: "row", class: "heat", "aria-rowindex": 1 }, first, cells);
  return el("div", { role: "rowgroup", class: "head" }, line);
}

function row(id) {
  const one = classAt(id);
  const cells = coverageOf(id).map((found, index) =>
    el(
      "div",
      {
        role: "gridcell",
        class: "cell",
        "data-status": found.status,
        title: `${report.events[index]}: ${MEANINGS[found.status]}`,
      },
      el("span", {}, found.status),
      found.line ? el("small", {}, `:${found.line}`) : null,
    ),
  );
  const name = el(
    "div",
    { role: "rowheader", class: "name" },
    el("span", { class: "role", "data-role": one.role, title: one.role }, el("b", {}, one.name)),
    place(one.path, one.line),
  );
  return el("div", { class: "heat" }, name, cells);
}

function legend() {
  const words = Object.entries(MEANINGS).map(([word, meaning]) =>
    el("div", {}, el("dt", { class: "cell", "data-status": word }, word), el("dd", {}, meaning)),
  );
  return el("dl", { class: "legend" }, words);
}
