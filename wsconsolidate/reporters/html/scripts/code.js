// Quoted Python, with its words coloured and the lines that matter marked; and diffs.

import { el } from "./dom.js";
import { quoted } from "./data.js";

const WORDS =
  "and|as|assert|async|await|break|case|class|continue|def|del|elif|else|except|False|finally|for|from|global|if|import|in|is|lambda|match|None|nonlocal|not|or|pass|raise|return|self|True|try|while|with|yield";
const TOKEN = new RegExp(
  `(?<comment>#.*$)|(?<string>[rbfuRBFU]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\\\.|[^"\\\\])*"?|'(?:\\\\.|[^'\\\\])*'?))|(?<word>\\b(?:${WORDS})\\b)|(?<mark>@[\\w.]+)|(?<number>\\b\\d[\\w.]*\\b)`,
  "g",
);

export function coloured(text) {
  const pieces = [];
  let done = 0;
  for (const found of text.matchAll(TOKEN)) {
    const [kind] = Object.entries(found.groups).find(([, value]) => value !== undefined);
    pieces.push(text.slice(done, found.index), el("span", { class: `py-${kind}` }, found[0]));
    done = found.index + found[0].length;
  }
  return [...pieces, text.slice(done)].filter((piece) => piece !== "");
}

// The lines of a file between two numbers, as far as the page holds them; `marks` tells what a line proves.
export function excerpt(path, from, to, marks = new Map()) {
  const rows = [];
  let last = null;
  for (const [number, text] of quoted(path, from, to)) {
    if (last !== null && number > last + 1) rows.push(gap(number - last - 1));
    rows.push(codeLine(number, text, marks.get(number)));
    last = number;
  }
  if (!rows.length) return null;
  return el(
    "figure",
    { class: "excerpt" },
    el("figcaption", {}, el("code", {}, `${path}:${from}`)),
    scroller(rows),
  );
}

// A unified diff.
export function diff(text, left) {
  const rows = text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => el("span", { class: `line ${kindOf(line)}` }, line || " "));
  const more = left
    ? [el("p", { class: "soft" }, `… ${left} more lines: run \`wsconsolidate fix\` to see all`)]
    : [];
  return el("figure", { class: "excerpt diff" }, scroller(rows), more);
}

function scroller(rows) {
  return el("pre", { tabindex: 0, "aria-label": "Code" }, el("code", {}, rows));
}

function codeLine(number, text, mark) {
  const note = mark ? [el("span", { class: "why" }, mark)] : [];
  const line = el(
    "span",
    { class: mark ? "line marked" : "line" },
    el("span", { class: "number" }, String(number)),
    coloured(text),
    note,
  );
  return line;
}

function gap(size) {
  return el("span", { class: "line gap" }, el("span", { class: "number" }, "⋯"), `${size} lines`);
}

function kindOf(line) {
  if (line.startsWith("+++") || line.startsWith("---")) return "file";
  return { "+": "added", "-": "removed", "@": "hunk" }[line[0]] ?? "";
}
