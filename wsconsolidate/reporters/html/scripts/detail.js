// The panel with everything about one thing.

import { actions, classAt, comparisons, coverageOf, evidenceOf, findings, lineAt, report, shortName, ways } from "./data.js";
import { diff, excerpt, coloured } from "./code.js";
import { counted, el, find, prose, sentence } from "./dom.js";
import { pairDetail } from "./duplicates.js";
import { fixOf } from "./findings.js";
import { orderOf } from "./lineage.js";
import { badge, link, place, role, section } from "./parts.js";
import { go } from "./state.js";

const panel = find("#detail");
const narrow = matchMedia("(max-width: 1020px)");
const KINDS = {
  class: (id, state) => classDetail(id, state),
  finding: (id) => findingDetail(findings[id]),
  action: (id) => actionDetail(actions[id]),
  pair: (id) => pairDetail(comparisons[id]),
  way: (id) => wayDetail(ways[id]),
};

export function showDetail(state) {
  const [kind, number] = (state.item ?? "").split(":");
  const content = KINDS[kind]?.(Number(number), state);
  panel.hidden = !content;
  panel.classList.toggle("broad", kind === "pair");
  document.body.classList.toggle("with-detail", Boolean(content));
  for (const covered of [find("#main"), find(".rail")]) covered.inert = Boolean(content) && narrow.matches;
  if (!content) return;
  const close = el("button", { class: "icon close", type: "button", "aria-label": "Close the details", title: "Close (Esc)", click: closeDetail }, "×");
  panel.replaceChildren(el("header", {}, el("h2", {}, content.title), close), el("div", { class: "body" }, content.children));
  panel.setAttribute("aria-label", `Details: ${content.title}`);
  panel.scrollTop = 0;
  if (narrow.matches) panel.focus();
}

export function closeDetail() {
  go({ item: null });
  find(".view:not([hidden]) .list")?.focus();
}

function classDetail(id, state) {
  if (!(id >= 0 && id < report.classes.name.length)) return null;
  const one = classAt(id);
  const evidence = evidenceOf(id);
  return {
    title: one.name,
    children: [
      el("p", { class: "lead" }, role(one.role), badge("fate", one.fate), one.test ? badge("quiet", "test") : null, one.role ? `${one.sure} % sure` : null),
      el("p", { class: "full" }, el("code", {}, one.qualname), el("br"), place(one.path, one.line)),
      one.reason ? el("p", {}, prose(sentence(`${one.reason}.`))) : null,
      section("Events", events(id, state)),
      section("Evidence for its role", evidence.length ? el("ul", { class: "evidence" }, evidence.map(seen)) : null),
      section("Code", code(one, evidence)),
      section("Method resolution order", orderOf(id)),
      section("Findings", findings.filter((found) => stands(found, one)).map(findingLine)),
      section("Beside its duplicates", comparisons.filter((pair) => pair.left === id || pair.right === id).map((pair) => pairLine(pair, id))),
      section("Methods", one.own.length ? el("p", { class: "names" }, one.own.map((name) => [el("code", {}, name), " "])) : null),
    ],
  };
}

function stands(found, one) {
  return found.path === one.path && found.line >= one.line && found.line <= one.end;
}

function seen({ kind, detail, path, line }) {
  return el("li", {}, badge("quiet", kind.replaceAll("_", " ")), el("span", {}, prose(detail)), place(path, line));
}

function code(one, evidence) {
  const marks = new Map(evidence.filter((found) => found.path === one.path).map((found) => [found.line, found.kind.replaceAll("_", " ")]));
  return excerpt(one.path, one.line, one.end, marks);
}

function events(id, state) {
  const found = coverageOf(id);
  if (!found) return null;
  return found.map((covered, index) => {
    const event = report.events[index];
    return el(
      "details",
      { class: "event-line", open: state.event === event },
      el("summary", {}, el("span", { class: "cell", "data-status": covered.status }, covered.status), el("code", {}, event), covered.via ? el("span", { class: "soft" }, covered.via) : null),
      covered.flow.length ? steps(covered.flow, covered.arrives) : el("p", { class: "soft" }, covered.path ? place(covered.path, covered.line) : "Nothing to follow."),
    );
  });
}

// The way of an event, step by step, down to the socket or to where it ends unsent.
function steps(hops, arrives) {
  const lines = hops.map(({ symbol, path, line }) => {
    const text = lineAt(path, line).trim();
    return el("li", {}, el("b", {}, symbol.split(".").slice(-2).join(".")), place(path, line), text ? el("code", { class: "quote" }, coloured(text)) : null);
  });
  const end = el("li", { class: arrives ? "end arrives" : "end lost" }, arrives ? "the socket" : "ends here, unsent");
  return el("ol", { class: "steps" }, lines, end);
}

function wayDetail(way) {
  if (!way) return null;
  const title = `${report.events[way.event]} ${way.arrives ? "reaches the socket" : "ends unsent"}`;
  return {
    title,
    children: [
      el("p", { class: "lead" }, `${counted(way.hops.length, "step")} from ${way.hops[0].symbol.split(".").slice(-2).join(".")}.`),
      steps(way.hops, way.arrives),
    ],
  };
}

function findingLine(one) {
  return el("p", { class: "found" }, badge("code", one.code), link(prose(one.message), { view: "findings", item: `finding:${one.id}`, q: null }));
}

function pairLine(pair, id) {
  const other = pair.left === id ? pair.right : pair.left;
  return el("p", {}, link(`Side by side with ${shortName(other)}`, { view: "duplicates", item: `pair:${pair.id}`, q: null }));
}

function findingDetail(one) {
  if (!one) return null;
  return { title: `${one.code} ${one.rule}`, children: findingBody(one) };
}

function findingBody(one) {
  const [, summary = ""] = report.rules[one.code] ?? [];
  return [
    el("p", { class: "lead" }, badge("severity", one.severity), badge("fixable", fixOf(one)), place(one.path, one.line)),
    el("p", { class: "message" }, prose(one.message)),
    summary ? el("p", { class: "soft" }, prose(summary), " ", el("code", {}, `wsconsolidate explain ${one.code}`)) : null,
    excerpt(one.path, one.line - 2, one.line + 2, new Map([[one.line, "here"]])),
    section(
      "See also",
      one.related.map(({ path, line, message }) => el("p", {}, prose(message), " ", place(path, line))),
    ),
    fixed(one),
  ];
}

// The edit that `fix` would make, or why it makes none.
function fixed(one) {
  const planned = report.fixes[one.id];
  if (!planned) return one.why ? section("Why no safe fix", el("p", {}, prose(one.why))) : null;
  const [title, risk, text, left] = planned;
  return section(
    `What ${fixOf(one) === "by hand" ? "fix" : fixOf(one)} would do`,
    el("p", {}, prose(title)),
    risk ? el("p", { class: "notice" }, "Judge first: ", prose(risk)) : null,
    diff(text, left),
  );
}

function actionDetail(one) {
  if (!one) return null;
  const found = one.findings.map((id) => findings[id]);
  const proof = found.length ? [] : one.places.map(({ path, line }) => excerpt(path, line - 2, line + 2, new Map([[line, one.done ? "proves it" : "here"]])) ?? el("p", {}, place(path, line)));
  return {
    title: one.done ? "Done" : `To do: ${one.priority} priority`,
    children: [
      el("p", { class: "lead" }, badge("priority", one.priority), one.rule ? badge("code", one.rule) : null, one.done ? null : badge("fixable", fixOf(one))),
      el("p", { class: "message" }, prose(sentence(one.title))),
      section("Where", proof),
      found.map((finding) => el("section", { class: "part" }, el("h3", {}, found.length > 1 ? `${finding.path}:${finding.line}` : "Finding"), findingBody(finding))),
    ],
  };
}
