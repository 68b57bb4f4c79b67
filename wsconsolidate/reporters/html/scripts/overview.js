// The first view: how things stand, in figures, and where to go next.

import {
  actions,
  classCount,
  covering,
  faring,
  findings,
  report,
  roleOf,
  say,
  statusOf,
  ways,
} from "./data.js";
import { counted, el, prose, sentence, svg } from "./dom.js";
import { badge, eventName, link, role, section, tally } from "./parts.js";
import { go } from "./state.js";

const FIRST_ACTIONS = 6;
const SENT = ["emits", "delegates", "inherits"];

export function overviewView() {
  return {
    element: el(
      "div",
      { class: "overview" },
      hero(),
      figures(),
      arrivals(),
      el("div", { class: "columns" }, truths(), next()),
      notes(),
    ),
    list: null,
    update: () => "",
  };
}

function hero() {
  const { completion, done, open } = report.summary;
  const isCounted = report.kind === "report" && done + open > 0;
  const progress = isCounted
    ? `${done} of ${done + open} actions of high and medium priority are done. `
    : "";
  return el(
    "header",
    { class: "hero" },
    isCounted ? ring(completion) : null,
    el(
      "div",
      {},
      el("h2", {}, prose(report.headline.replace(/\.$/, ""))),
      el("p", {}, progress, el("b", {}, "Risk "), prose(report.risk)),
    ),
  );
}

function ring(share) {
  const length = 2 * Math.PI * 42;
  const percent = share > 0 && share < 1 ? Math.min(99, Math.max(1, Math.round(share * 100))) : share * 100;
  return svg(
    "svg",
    { class: "ring", viewBox: "0 0 100 100", role: "img", "aria-label": `${percent} percent consolidated` },
    svg("circle", { cx: 50, cy: 50, r: 42, class: "track" }),
    svg("circle", {
      cx: 50,
      cy: 50,
      r: 42,
      class: "value",
      "stroke-dasharray": `${length * share} ${length}`,
      transform: "rotate(-90 50 50)",
    }),
    svg("text", { x: 50, y: 51, "text-anchor": "middle", "dominant-baseline": "middle" }, `${percent} %`),
  );
}

function figures() {
  const cast = Array.from({ length: classCount }, (_, id) => id).filter(roleOf);
  const roles = cast.filter((id) => !report.classes.test[id]).map(roleOf);
  const inTests = cast.length - roles.length;
  const severities = tally(
    findings.map((one) => one.severity),
    ["error", "warning", "note"],
  );
  const open = actions.filter((one) => !one.done).length;
  return el(
    "div",
    { class: "figures" },
    figure(
      roles.length,
      roles.length === 1 ? "class plays a role" : "classes play a role",
      "classes",
      [...tally(roles, report.roles).map(plural), ...(inTests ? [`${inTests} more in tests`] : [])],
    ),
    figure(report.summary.duplicates, "duplicates", "duplicates", [counted(report.groups.length, "group")]),
    figure(findings.length, "findings", "findings", severities.map(plural)),
    report.kind === "report"
      ? figure(
          open,
          "open actions",
          "actions",
          tally(
            actions.filter((one) => !one.done).map((one) => one.priority),
            ["high", "medium", "low"],
          ).map(([name, number]) => `${number} ${name}`),
        )
      : null,
    figure(report.summary.files, "files read", "unseen", [
      `${report.summary.lines.toLocaleString("en")} lines`,
      report.summary.complete ? "nothing left unseen" : "some things not seen",
    ]),
  );
}

function plural([noun, number]) {
  return counted(number, noun, noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`);
}

function figure(number, noun, view, details) {
  return link(
    [el("b", {}, number.toLocaleString("en")), el("span", {}, noun), el("small", {}, details.join(" · "))],
    { view, item: null, q: null },
    { class: "figure" },
  );
}

function arrivals() {
  if (!covering().length) return null;
  return section(
    "Do the events arrive?",
    el(
      "div",
      { class: "arrivals" },
      report.events.map((name, event) => arrival(name, event)),
    ),
  );
}

function arrival(name, event) {
  const taken = ways.filter((way) => way.event === event);
  const sent = taken.filter((way) => way.arrives).length;
  const lost = taken.length - sent;
  const told = taken.length
    ? `${counted(sent, "way")} to the socket${lost ? `, ${lost} unsent` : ""}`
    : "nothing starts it";
  const open = () => go({ view: "flow", event: name, item: null, q: null });
  return el(
    "button",
    { type: "button", class: `arrival ${faring(event)}`, click: open },
    el("code", {}, eventName(name)),
    el("span", {}, told),
    bar(event),
  );
}

// The statuses of all classes for one event as one bar.
function bar(event) {
  const counts = tally(
    covering().map((id) => statusOf(id, event)),
    report.statuses,
  );
  const sent = counts.filter(([word]) => SENT.includes(word)).reduce((sum, [, number]) => sum + number, 0);
  const pieces = counts.map(([word, number]) =>
    el("i", {
      class: "cell",
      "data-status": word,
      title: `${number} ${word}`,
      style: { "flex-grow": number },
    }),
  );
  return el(
    "span",
    {
      class: "share",
      role: "img",
      "aria-label": `${sent} classes send it: ${counts.map(([word, number]) => `${number} ${word}`).join(", ")}`,
    },
    pieces,
  );
}

function truths() {
  const rows = report.ssot.map(([name, qualname, id, reason]) =>
    el(
      "li",
      {},
      role(name),
      id >= 0
        ? link(say(qualname), { view: "classes", item: `class:${id}`, q: null })
        : el("code", {}, say(qualname)),
      el("small", {}, say(reason)),
    ),
  );
  return section(
    "Sources of truth",
    rows.length ? el("ul", { class: "truths" }, rows) : el("p", {}, "There is none."),
  );
}

function next() {
  const open = actions.filter((one) => !one.done);
  if (!open.length) return null;
  const rows = open
    .slice(0, FIRST_ACTIONS)
    .map((one) =>
      el(
        "li",
        {},
        badge("priority", one.priority),
        link(prose(sentence(one.title)), { view: "actions", item: `action:${one.id}`, q: null }),
      ),
    );
  const more =
    open.length > FIRST_ACTIONS
      ? link(`All ${open.length} open actions`, { view: "actions", item: null, q: null, done: "open" })
      : null;
  return section("What to do next", el("ul", { class: "next" }, rows), more);
}

function notes() {
  const known = report.known.length
    ? [`${counted(report.known.length, "finding")} that the baseline knows: not shown here.`]
    : [];
  return [...report.notes, ...known].map((text) => el("p", { class: "soft" }, text));
}
