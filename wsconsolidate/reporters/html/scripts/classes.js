// The classes by role.

import { classAt, classCount, report, roleOf } from "./data.js";
import { el } from "./dom.js";
import { List } from "./list.js";
import { badge, chips, empty, picked, place, role, tally } from "./parts.js";
import { matchingClasses } from "./search.js";
import { go } from "./state.js";

export function classesView() {
  const list = new List({ label: "Classes", render: row, open: (id) => go({ item: `class:${id}` }) });
  const toolbar = el("div", { class: "toolbar" });
  const none = empty("No class fits. Esc clears the search.");
  const every = byRole();
  return {
    element: el("div", { class: "stack" }, toolbar, list.element, none),
    list,
    update(state) {
      const roles = picked(state, "role");
      const fates = picked(state, "fate");
      const searched = matchingClasses(state.q ?? "", every);
      const shown = searched.filter((id) => fits(id, roles, fates));
      toolbar.replaceChildren(
        chips(
          "Roles",
          "role",
          tally(
            searched.map((id) => roleOf(id) || "none"),
            [...report.roles, "none"],
          ),
          roles,
        ),
        chips(
          "What becomes of it",
          "fate",
          tally(
            searched.map((id) => report.fates[report.classes.fate[id]]),
            report.fates,
          ),
          fates,
        ),
      );
      none.hidden = shown.length > 0;
      list.show(shown, shown.indexOf(Number(state.item?.split(":")[1] ?? -1)));
      return `${shown.length} of ${classCount} classes`;
    },
  };
}

function fits(id, roles, fates) {
  return (
    (!roles.length || roles.includes(roleOf(id) || "none")) &&
    (!fates.length || fates.includes(report.fates[report.classes.fate[id]]))
  );
}

// In the order of the roles, those without one last, else by path as they come.
function byRole() {
  const rank = (id) => (report.classes.role[id] < 0 ? report.roles.length : report.classes.role[id]);
  return Array.from({ length: classCount }, (_, id) => id).sort((a, b) => rank(a) - rank(b) || a - b);
}

function row(id) {
  const one = classAt(id);
  return el(
    "div",
    { class: "two-lines" },
    el(
      "span",
      { class: "first" },
      el("b", {}, one.name),
      one.test ? badge("quiet", "test") : null,
      badge("fate", one.fate),
    ),
    el("span", { class: "second" }, role(one.role), place(one.path, one.line)),
  );
}
