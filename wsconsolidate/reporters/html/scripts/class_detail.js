// Everything about one class.

import { excerpt } from "./code.js";
import { classAt, comparisons, coverageOf, evidenceOf, findings, report, shortName } from "./data.js";
import { el, prose, sentence } from "./dom.js";
import { orderOf } from "./lineage.js";
import { badge, link, MEANINGS, place, role, section } from "./parts.js";
import { steps } from "./way_detail.js";

export function classDetail(id, state) {
  if (!(id >= 0 && id < report.classes.name.length)) return null;
  const one = classAt(id);
  const evidence = evidenceOf(id);
  return {
    title: one.name,
    children: [
      el(
        "p",
        { class: "lead" },
        role(one.role),
        badge("fate", one.fate),
        one.test ? badge("quiet", "test") : null,
        one.role ? `${one.sure} % sure` : null,
      ),
      el("p", { class: "full" }, el("code", {}, one.qualname), el("br"), place(one.path, one.line)),
      one.reason ? el("p", {}, prose(sentence(`${one.reason}.`))) : null,
      section("Events", events(id, state)),
      section(
        "Evidence for its role",
        evidence.length ? el("ul", { class: "evidence" }, evidence.map(seen)) : null,
      ),
      section("Code", code(one, evidence)),
      section("Method resolution order", orderOf(id)),
      section("Findings", findings.filter((found) => stands(found, one)).map(findingLine)),
      section(
        "Beside its duplicates",
        comparisons.filter((pair) => pair.left === id || pair.right === id).map((pair) => pairLine(pair, id)),
      ),
      section(
        "Methods",
        one.own.length
          ? el(
              "p",
              { class: "names" },
              one.own.map((name) => [el("code", {}, name), " "]),
            )
          : null,
      ),
    ],
  };
}

function stands(found, one) {
  return found.path === one.path && found.line >= one.line && found.line <= one.end;
}

function seen({ kind, detail, path, line }) {
  return el(
    "li",
    {},
    badge("quiet", kind.replaceAll("_", " ")),
    el("span", {}, prose(detail)),
    place(path, line),
  );
}

function code(one, evidence) {
  const marks = new Map(
    evidence
      .filter((found) => found.path === one.path)
      .map((found) => [found.line, found.kind.replaceAll("_", " ")]),
  );
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
      el(
        "summary",
        {},
        el("span", { class: "cell", "data-status": covered.status }, covered.status),
        el("code", {}, event),
        covered.via ? el("span", { class: "soft" }, covered.via) : null,
      ),
      covered.flow.length
        ? steps(covered.flow, endOf(covered))
        : el(
            "p",
            { class: "soft" },
            covered.path ? place(covered.path, covered.line) : `${sentence(MEANINGS[covered.status])}.`,
          ),
    );
  });
}

function endOf({ status, arrives }) {
  if (status === "generic" || status === "declares") return null;
  return arrives ? "arrives" : "lost";
}

function findingLine(one) {
  return el(
    "p",
    { class: "found" },
    badge("code", one.code),
    link(prose(one.message), { view: "findings", item: `finding:${one.id}`, q: null }),
  );
}

function pairLine(pair, id) {
  const other = pair.left === id ? pair.right : pair.left;
  return el(
    "p",
    {},
    link(`Side by side with ${shortName(other)}`, { view: "duplicates", item: `pair:${pair.id}`, q: null }),
  );
}
