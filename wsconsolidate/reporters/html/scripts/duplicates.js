// Duplicates: what stays on the left, the duplicate on the right, and where they differ.

import { classAt, comparisons, groups, quoted, report, shortName } from "./data.js";
import { counted, el } from "./dom.js";
import { coloured } from "./code.js";
import { List } from "./list.js";
import { badge, empty, link, place, role, section } from "./parts.js";
import { matching } from "./search.js";
import { go } from "./state.js";

const AROUND = 3;

export function duplicatesView() {
  const list = new List({
    label: "Duplicates",
    render: row,
    open: (pair) => go({ item: `pair:${pair.id}` }),
  });
  const none = empty(
    comparisons.length ? "No duplicate fits. Esc clears the search." : "No class duplicates another.",
  );
  return {
    element: el("div", { class: "stack" }, list.element, none),
    list,
    update(state) {
      const shown = matching(state.q ?? "", comparisons, textOf);
      none.hidden = shown.length > 0;
      list.show(
        shown,
        shown.findIndex((pair) => `pair:${pair.id}` === state.item),
      );
      return `${shown.length} of ${comparisons.length} duplicates`;
    },
  };
}

function textOf(pair) {
  const [left, right] = [classAt(pair.left), classAt(pair.right)];
  return `${left.qualname} ${right.qualname} ${right.path} ${groups[pair.group].kind}`;
}

function row(pair) {
  const right = classAt(pair.right);
  return el(
    "div",
    { class: "two-lines" },
    el("span", { class: "first" }, el("b", {}, right.name), badge("quiet", groups[pair.group].kind)),
    el("span", { class: "second" }, role(right.role), place(right.path, right.line)),
  );
}

export function pairDetail(pair) {
  const group = groups[pair.group];
  const same = pair.stretches.filter(([equal]) => equal).reduce((sum, [, from, to]) => sum + to - from, 0);
  const most = Math.max(
    ...[pair.left, pair.right].map((id) => report.classes.end[id] - report.classes.line[id] + 1),
  );
  return {
    title: `${shortName(pair.right)} beside ${shortName(pair.left)}`,
    children: [
      el(
        "p",
        { class: "lead" },
        `${counted(same, "line")} of ${most} are the same. `,
        badge("quiet", group.kind),
        " ",
        role(group.role),
      ),
      el("div", { class: "sides-head" }, sideHead("stays", pair.left), sideHead("duplicate", pair.right)),
      beside(pair),
      section(
        "They differ",
        group.differs.map((text) => el("p", {}, text)),
      ),
      section(
        "They share",
        group.shared.length
          ? el(
              "p",
              {},
              group.shared.map((name) => [el("code", {}, name), " "]),
            )
          : null,
      ),
    ],
  };
}

function sideHead(word, id) {
  const one = classAt(id);
  return el(
    "p",
    {},
    badge("fate", word),
    el("br"),
    link(one.qualname, { view: "classes", item: `class:${id}`, q: null }),
    el("br"),
    place(one.path, one.line),
  );
}

function beside(pair) {
  const [left, right] = [classAt(pair.left), classAt(pair.right)];
  const texts = [left, right].map((one) => new Map(quoted(one.path, one.line, one.end)));
  const rows = pair.stretches.flatMap((stretch, index) =>
    stretchRows(stretch, texts, index === 0, index === pair.stretches.length - 1),
  );
  return el(
    "div",
    { class: "wide", tabindex: 0, role: "region", "aria-label": "Side by side" },
    el("table", { class: "sides" }, el("tbody", {}, rows)),
  );
}

function stretchRows([same, leftFrom, leftTo, rightFrom, rightTo], [left, right], isFirst, isLast) {
  const height = Math.max(leftTo - leftFrom, rightTo - rightFrom);
  const rows = [];
  for (let index = 0; index < height; index++) {
    const skipped = same && height > 2 * AROUND + 2 ? skippedAt(index, height, isFirst, isLast) : 0;
    if (skipped) {
      rows.push(el("tr", { class: "gap" }, el("td", { colspan: 4 }, `⋯ ${skipped} equal lines`)));
      index += skipped - 1;
    } else {
      rows.push(
        line(same, numbered(left, leftFrom + index, leftTo), numbered(right, rightFrom + index, rightTo)),
      );
    }
  }
  return rows;
}

// How many lines of an equal stretch are left out from here on; those next to a difference stay.
function skippedAt(index, height, isFirst, isLast) {
  const start = isFirst ? 1 : AROUND;
  const end = isLast ? height : height - AROUND;
  return index === start && end - start > 1 ? end - start : 0;
}

function numbered(texts, number, end) {
  return number < end ? [number, texts.get(number) ?? ""] : null;
}

function line(same, left, right) {
  const changed = !same && left && right ? changedParts(left[1], right[1]) : null;
  return el(
    "tr",
    { class: same ? "" : "differs" },
    side("removed", left, same, changed?.[0]),
    side("added", right, same, changed?.[1]),
  );
}

function side(kind, pair, same, parts) {
  if (!pair) return [el("td", { class: "number none" }), el("td", { class: "none" })];
  const content = parts
    ? [parts[0], parts[1] ? el("mark", {}, parts[1]) : null, parts[2]]
    : coloured(pair[1]);
  return [
    el("td", { class: `number ${same ? "" : kind}` }, String(pair[0])),
    el("td", { class: same ? "" : kind }, el("code", {}, content)),
  ];
}

// Both lines cut in three: what they have in common at the start and at the end, and what differs.
function changedParts(left, right) {
  let start = 0;
  while (start < Math.min(left.length, right.length) && left[start] === right[start]) start++;
  let end = 0;
  const room = Math.min(left.length, right.length) - start;
  while (end < room && left[left.length - 1 - end] === right[right.length - 1 - end]) end++;
  return [left, right].map((text) => [
    text.slice(0, start),
    text.slice(start, text.length - end),
    text.slice(text.length - end),
  ]);
}
