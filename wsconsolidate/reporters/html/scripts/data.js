// The report that the page holds: columns and numbers of texts on the one side, things with names on the other.

const raw = JSON.parse(document.getElementById("data").textContent);
const columns = raw.classes;
const lines = new Map();

export const report = raw;
export const classCount = columns.name.length;
export const findings = raw.findings.map(finding);
export const known = raw.known.map(finding);
export const actions = raw.actions.map(action);
export const ways = raw.ways.map(([event, arrives, hops], id) => ({
  id,
  event,
  arrives: arrives === 1,
  hops: hops.map(hop),
}));
export const groups = raw.groups.map(([kind, role, members, shared, differs], id) => ({
  id,
  kind,
  role,
  members,
  shared: shared.map(say),
  differs: differs.map(say),
}));
export const comparisons = raw.comparisons.map(([group, left, right, stretches], id) => ({
  id,
  group,
  left,
  right,
  stretches,
}));

export function say(number) {
  return number < 0 ? "" : raw.text[number];
}

export function qualname(id) {
  return `${say(columns.module[id])}.${columns.name[id]}`;
}

export function shortName(id) {
  const name = columns.name[id];
  return name.slice(name.lastIndexOf(".") + 1);
}

export function roleOf(id) {
  return raw.roles[columns.role[id]] ?? "";
}

export function classAt(id) {
  return {
    id,
    name: shortName(id),
    qualname: qualname(id),
    path: say(columns.path[id]),
    line: columns.line[id],
    end: columns.end[id],
    role: roleOf(id),
    sure: columns.sure[id],
    test: columns.test[id] === 1,
    fate: raw.fates[columns.fate[id]],
    reason: say(columns.reason[id]),
    bases: columns.bases[id].map(say),
    mro: columns.mro[id].map(say),
    order: raw.orders[columns.order[id]],
    problem: say(columns.problem[id]),
    methods: columns.methods[id],
    own: columns.own[id].map(say),
  };
}

export function evidenceOf(id) {
  const found = raw.evidence[id] ?? [];
  return found.map(([kind, detail, path, line]) => ({
    kind: say(kind),
    detail: say(detail),
    path: say(path),
    line,
  }));
}

// What a class does for each event, in the order of the events; null where the question does not arise.
export function coverageOf(id) {
  return raw.coverage[id]?.map(covered) ?? null;
}

export function statusOf(id, event) {
  const found = raw.coverage[id];
  return found ? raw.statuses[found[event][0]] : "";
}

export function covering() {
  return Object.keys(raw.coverage).map(Number);
}

// The lines that are there, between two numbers: pairs of number and text.
export function quoted(path, from, to) {
  const there = fileLines(path);
  const found = [];
  for (const number of there.keys())
    if (number >= from && number <= to) found.push([number, there.get(number)]);
  return found;
}

export function lineAt(path, number) {
  return fileLines(path).get(number) ?? "";
}

function fileLines(path) {
  if (!lines.has(path)) {
    const key = raw.text.indexOf(path);
    const runs = raw.quotes[key] ?? [];
    lines.set(
      path,
      new Map(runs.flatMap(([first, text]) => text.split("\n").map((line, index) => [first + index, line]))),
    );
  }
  return lines.get(path);
}

function covered([status, via = -1, path = -1, line = 0, arrives = 0, flow = []]) {
  return {
    status: raw.statuses[status],
    via: say(via),
    path: say(path),
    line,
    arrives: arrives === 1,
    flow: flow.map(hop),
  };
}

function hop(number) {
  const [symbol, path, line] = raw.hops[number];
  return { symbol: say(symbol), path: say(path), line };
}

function finding([code, rule, severity, message, path, line, symbol, fix, why, related], id) {
  return {
    id,
    code,
    rule,
    severity,
    message,
    path: say(path),
    line,
    symbol: say(symbol),
    fix,
    why: say(why),
    related: related.map(([where, at, text]) => ({ path: say(where), line: at, message: say(text) })),
  };
}

function action([priority, title, done, rule, fix, places, found], id) {
  const spoken = places.map(([path, line]) => ({ path: say(path), line }));
  return { id, priority, title, done: done === 1, rule: rule ?? "", fix, places: spoken, findings: found };
}
