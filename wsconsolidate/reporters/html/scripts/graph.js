// Ways as a graph: a card for each class or module with the methods that pass an event on, laid out by dagre.

import { Graph, layout } from "../vendor/dagre.esm.js";
import { classCount, qualname, roleOf } from "./data.js";

export const WIDTH = 196;
export const HEAD = 34;
export const LINE = 20;
export const MOST_LINES = 7;
const PAD = 8;
let owners = null;

// The cards and arrows of some ways with their places; `down` lays them out from top to bottom.
export function drawn(ways, down) {
  const cards = new Map();
  const arrows = new Map();
  for (const way of ways) follow(way, cards, arrows);
  const graph = new Graph();
  graph.setGraph({
    rankdir: down ? "TB" : "LR",
    nodesep: 18,
    ranksep: down ? 34 : 46,
    marginx: 12,
    marginy: 12,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const card of cards.values()) graph.setNode(card.key, { width: card.width, height: card.height });
  for (const arrow of arrows.values()) graph.setEdge(arrow.from, arrow.to, {});
  layout(graph);
  for (const card of cards.values()) Object.assign(card, centred(graph.node(card.key), card));
  for (const arrow of arrows.values()) arrow.points = graph.edge(arrow.from, arrow.to).points;
  const { width, height } = graph.graph();
  return { cards: [...cards.values()], arrows: [...arrows.values()], width, height };
}

function follow(way, cards, arrows) {
  let last = null;
  for (const hop of way.hops) {
    const card = cardOf(hop, cards);
    card.ways.add(way.id);
    card.starts ||= last === null;
    addMethod(card, hop);
    if (last && last !== card) join(last, card, way, arrows);
    last = card;
  }
  const end = endOf(way, last, cards);
  end.ways.add(way.id);
  join(last, end, way, arrows);
}

function cardOf({ symbol, path }, cards) {
  const owner = symbol.slice(0, symbol.lastIndexOf("."));
  const key = `${path} ${owner}`;
  if (!cards.has(key)) {
    const id = ownerIds().get(owner) ?? -1;
    cards.set(key, {
      key,
      kind: "owner",
      owner,
      path,
      id,
      role: id < 0 ? "" : roleOf(id),
      methods: new Map(),
      ways: new Set(),
      starts: false,
      width: WIDTH,
    });
  }
  return cards.get(key);
}

function addMethod(card, { symbol, line }) {
  const name = symbol.slice(symbol.lastIndexOf(".") + 1);
  if (!card.methods.has(name)) card.methods.set(name, line);
  card.height = HEAD + PAD + Math.min(card.methods.size, MOST_LINES) * LINE;
}

function endOf(way, last, cards) {
  const key = way.arrives ? "socket" : `lost ${last.key}`;
  if (!cards.has(key))
    cards.set(key, {
      key,
      kind: way.arrives ? "socket" : "lost",
      ways: new Set(),
      width: way.arrives ? 96 : 132,
      height: 36,
    });
  return cards.get(key);
}

function join(from, to, way, arrows) {
  const key = `${from.key}\n${to.key}`;
  if (!arrows.has(key))
    arrows.set(key, { from: from.key, to: to.key, ways: new Set(), lost: to.kind === "lost" });
  arrows.get(key).ways.add(way.id);
}

function ownerIds() {
  owners ??= new Map(Array.from({ length: classCount }, (_, id) => [qualname(id), id]));
  return owners;
}

function centred({ x, y }, { width, height }) {
  return { x: x - width / 2, y: y - height / 2 };
}
