// The graph as a picture: drawn, scaled to its room, one way lit.

import { svg } from "./dom.js";
import { drawn } from "./graph.js";
import { empty } from "./parts.js";
import { arrowHeads, arrowLine, endCard, ownerCard } from "./shapes.js";

const NARROW = 700;
const ZOOMS = [0.4, 0.5, 0.65, 0.8, 1, 1.25, 1.5];

export class Drawing {
  constructor(canvas) {
    Object.assign(this, { canvas, fitted: true, key: "" });
    new ResizeObserver(() => this.fitted && this.fit()).observe(canvas);
  }

  show(shown, chosen) {
    const down = innerWidth < NARROW;
    const key = `${down} ${shown.map((way) => way.id)}`;
    if (key !== this.key) this.draw(shown, down);
    this.key = key;
    this.light(chosen);
  }

  draw(shown, down) {
    this.picture = shown.length ? drawn(shown, down) : null;
    if (!this.picture) return this.canvas.replaceChildren(empty("No way to show."));
    const { cards, arrows, width, height } = this.picture;
    this.svg = svg(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Ways from agent to socket" },
      arrowHeads(),
      arrows.map((arrow) => arrowLine(arrow)),
      cards.map((card) => (card.kind === "owner" ? ownerCard(card) : endCard(card))),
    );
    this.canvas.replaceChildren(this.svg);
    this.fit();
  }

  // Bring one way out and let the others step back.
  light(way) {
    if (!this.picture) return;
    this.svg.classList.toggle("one", Boolean(way));
    for (const part of [...this.picture.cards, ...this.picture.arrows]) {
      part.element.classList.toggle("lit", Boolean(way) && part.ways.has(way.id));
    }
    if (!way) return;
    const first = this.picture.cards.find((card) => card.ways.has(way.id) && card.starts);
    if (first) this.canvas.scrollTo({ left: first.x * this.scale - 24, top: first.y * this.scale - 24 });
  }

  fit() {
    if (!this.picture || !this.canvas.clientWidth) return;
    const room = Math.min(this.canvas.clientWidth / this.picture.width, 1);
    const smallest = innerWidth < NARROW ? 0.5 : 0.65;
    this.scaled(Math.max(room, smallest));
    this.fitted = true;
  }

  step(by) {
    const sizes = by > 0 ? ZOOMS : [...ZOOMS].reverse();
    const next = sizes.find((size) => (by > 0 ? size > this.scale + 0.01 : size < this.scale - 0.01));
    if (next) this.scaled(next);
    this.fitted = false;
  }

  scaled(scale) {
    if (!this.picture) return;
    this.scale = scale;
    this.svg.setAttribute("width", Math.round(this.picture.width * scale));
    this.svg.setAttribute("height", Math.round(this.picture.height * scale));
  }
}
