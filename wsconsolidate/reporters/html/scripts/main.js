// The page: which view is shown, and what it shows.

import { classesView } from "./classes.js";
import { actions, classCount, comparisons, covering, findings, report } from "./data.js";
import { showDetail } from "./detail.js";
import { el, find } from "./dom.js";
import { duplicatesView } from "./duplicates.js";
import { actionsView, findingsView } from "./findings.js";
import { flowView } from "./flow.js";
import { heatView } from "./heat.js";
import { setUpKeys } from "./keys.js";
import { lineageView } from "./lineage.js";
import { overviewView } from "./overview.js";
import { announce, go, listen, now } from "./state.js";
import { setUpTheme } from "./theme.js";

const SEARCHED = "classes";
const VIEWS = [
  { name: "overview", title: "Overview", make: overviewView },
  { name: "flow", title: "Event flow", make: flowView, number: report.ways.length },
  { name: "events", title: "Events", make: heatView, number: covering().length },
  { name: "classes", title: "Classes", make: classesView, number: classCount },
  { name: "duplicates", title: "Duplicates", make: duplicatesView, number: comparisons.length },
  { name: "actions", title: "Actions", make: actionsView, number: actions.length },
  { name: "findings", title: "Findings", make: findingsView, number: findings.length },
  { name: "lineage", title: "Inheritance", make: lineageView },
  { name: "text", title: "In words", make: null },
  { name: "unseen", title: "Not seen", make: null, dot: !report.summary.complete },
];
const OF_CHECK = ["findings", "events", "classes", "text", "unseen"];
const made = new Map();
const offered = VIEWS.filter((view) =>
  report.kind === "check"
    ? OF_CHECK.includes(view.name)
    : report.kind === "report" || view.name !== "actions",
);

function start() {
  find("#views").replaceChildren(...offered.map(tab));
  find("#query").addEventListener("input", (event) => search(event.target.value));
  find("#print").addEventListener("click", () => print());
  setUpTheme();
  setUpKeys(offered.map((view) => view.name));
  addEventListener("beforeprint", () => forPaper(true));
  addEventListener("afterprint", () => forPaper(false));
  listen(show);
  announce();
  document.documentElement.dataset.ready = "";
  performance.mark("ready");
}

function tab({ name, title, number, dot }) {
  const follow = (event) => {
    event.preventDefault();
    go({ view: name, item: null });
  };
  const count = number ? el("span", { class: "number" }, number.toLocaleString("en")) : null;
  const mark = dot ? el("span", { class: "dot" }, el("span", { class: "spoken" }, " (something)")) : null;
  return el("li", {}, el("a", { href: `#${name}`, "data-view": name, click: follow }, title, count, mark));
}

// Where there is nothing to narrow, a search leads to the classes.
function search(text) {
  const view = current(now().view);
  go({ view: view.make && view.name !== "overview" ? view.name : SEARCHED, q: text || null, item: null });
}

function current(name) {
  return offered.find((view) => view.name === name) ?? offered[0];
}

function show(state) {
  const view = current(state.view);
  for (const { name } of VIEWS) find(`#view-${name}`).hidden = name !== view.name;
  for (const link of document.querySelectorAll("[data-view]")) {
    if (link.dataset.view === view.name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const query = find("#query");
  if (query.value !== (state.q ?? "") && document.activeElement !== query) query.value = state.q ?? "";
  showDetail(state);
  const told = view.make ? built(view).update(state) : "";
  find("#matches").textContent = state.q ? told : "";
  find(`[data-view="${view.name}"]`).scrollIntoView({ block: "nearest", inline: "nearest" });
}

function built(view) {
  if (!made.has(view.name)) {
    const content = view.make();
    find(`#view-${view.name}`).append(
      el("h2", { class: view.name === "overview" ? "spoken" : "" }, view.title),
      content.element,
    );
    made.set(view.name, content);
  }
  return made.get(view.name);
}

// On paper all views follow each other.
function forPaper(on) {
  document.documentElement.classList.toggle("paper", on);
  for (const view of offered) {
    const content = view.make ? built(view) : null;
    if (on) find(`#view-${view.name}`).hidden = false;
    if (on) content?.update({});
    content?.graph?.fit();
    content?.list?.print(on);
  }
  if (!on) announce();
}

start();
