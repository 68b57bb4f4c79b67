// Everything about one finding, or about an action and its findings.

import { diff, excerpt } from "./code.js";
import { findings, report } from "./data.js";
import { el, prose, sentence } from "./dom.js";
import { fixOf } from "./findings.js";
import { badge, place, section } from "./parts.js";

export function findingDetail(one) {
  if (!one) return null;
  return { title: `${one.code} ${one.rule}`, children: findingBody(one) };
}

function findingBody(one) {
  const [, summary = ""] = report.rules[one.code] ?? [];
  return [
    el(
      "p",
      { class: "lead" },
      badge("severity", one.severity),
      badge("fixable", fixOf(one)),
      place(one.path, one.line),
    ),
    el("p", { class: "message" }, prose(one.message)),
    summary
      ? el("p", { class: "soft" }, prose(summary), " ", el("code", {}, `wsconsolidate explain ${one.code}`))
      : null,
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

export function actionDetail(one) {
  if (!one) return null;
  const found = one.findings.map((id) => findings[id]);
  const proof = found.length
    ? []
    : one.places.map(
        ({ path, line }) =>
          excerpt(path, line - 2, line + 2, new Map([[line, one.done ? "proves it" : "here"]])) ??
          el("p", {}, place(path, line)),
      );
  return {
    title: one.done ? "Done" : `To do: ${one.priority} priority`,
    children: [
      el(
        "p",
        { class: "lead" },
        badge("priority", one.priority),
        one.rule ? badge("code", one.rule) : null,
        one.done ? null : badge("fixable", fixOf(one)),
      ),
      el("p", { class: "message" }, prose(sentence(one.title))),
      section("Where", proof),
      found.map((finding) =>
        el(
          "section",
          { class: "part" },
          el("h3", {}, found.length > 1 ? `${finding.path}:${finding.line}` : "Finding"),
          findingBody(finding),
        ),
      ),
    ],
  };
}
