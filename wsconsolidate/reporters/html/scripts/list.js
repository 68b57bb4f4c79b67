// A list of any length: only the rows in sight are there. Moved through with the keyboard.

const BEYOND = 6;
export const MOST_PRINTED = 400;
let lists = 0;

export class List {
  constructor({ label, render, open, head = null, grid = false, columns = 1 }) {
    Object.assign(this, {
      render,
      open,
      head,
      grid,
      columns,
      items: [],
      at: -1,
      column: 0,
      drawn: new Map(),
    });
    this.id = `list${lists++}`;
    this.space = box("list-space", { role: grid ? "rowgroup" : "none" });
    this.element = box(grid ? "list grid" : "list", {
      role: grid ? "grid" : "listbox",
      tabindex: 0,
      "aria-label": label,
    });
    if (head) this.element.append(head);
    this.element.append(this.space);
    this.element.addEventListener("scroll", () => this.soon(), { passive: true });
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("click", (event) => this.click(event));
    new ResizeObserver(() => this.soon()).observe(this.element);
  }

  // Show other items; `at` is the one that is chosen.
  show(items, at = -1) {
    this.items = items;
    this.at = at;
    this.element.hidden = items.length === 0;
    if (this.grid) this.element.setAttribute("aria-rowcount", items.length + 1);
    this.clear();
    this.measure();
    if (at < 0) this.element.scrollTop = 0;
    this.draw();
    if (at >= 0) this.reveal(at);
  }

  measure() {
    this.height = parseFloat(getComputedStyle(this.element).getPropertyValue("--row")) || 44;
    this.space.style.height = `${this.items.length * this.height}px`;
  }

  clear() {
    for (const row of this.drawn.values()) row.remove();
    this.drawn.clear();
  }

  soon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  draw() {
    if (this.printing || !this.element.clientHeight) return;
    const before = this.height;
    this.measure();
    if (before !== this.height) this.clear();
    const top = Math.max(0, this.element.scrollTop - (this.head?.offsetHeight ?? 0));
    const first = Math.max(0, Math.floor(top / this.height) - BEYOND);
    const last = Math.min(
      this.items.length,
      Math.ceil((top + this.element.clientHeight) / this.height) + BEYOND,
    );
    for (const [index, row] of this.drawn) {
      if (index < first || index >= last) {
        row.remove();
        this.drawn.delete(index);
      }
    }
    for (let index = first; index < last; index++) if (!this.drawn.has(index)) this.place(index);
    this.mark();
  }

  place(index) {
    const row = this.render(this.items[index], index);
    row.id = `${this.id}-${index}`;
    row.dataset.index = index;
    row.classList.add("row");
    row.setAttribute("role", this.grid ? "row" : "option");
    if (this.grid) row.setAttribute("aria-rowindex", index + 2);
    else {
      row.setAttribute("aria-setsize", this.items.length);
      row.setAttribute("aria-posinset", index + 1);
    }
    row.style.transform = `translateY(${index * this.height}px)`;
    this.space.append(row);
    this.drawn.set(index, row);
  }

  mark() {
    for (const [index, row] of this.drawn) {
      const chosen = index === this.at;
      row.setAttribute("aria-selected", chosen);
      if (this.grid) this.markCells(row, chosen);
    }
    const chosen = this.drawn.get(this.at);
    if (chosen) this.element.setAttribute("aria-activedescendant", chosen.id);
    else this.element.removeAttribute("aria-activedescendant");
  }

  markCells(row, chosen) {
    [...row.querySelectorAll("[role=gridcell]")].forEach((cell, column) => {
      cell.classList.toggle("chosen", chosen && column === this.column);
    });
  }

  move(index, column = this.column) {
    if (!this.items.length) return;
    this.at = Math.min(this.items.length - 1, Math.max(0, index));
    this.column = Math.min(this.columns - 1, Math.max(0, column));
    this.reveal(this.at);
    this.draw();
  }

  reveal(index) {
    const head = this.head?.offsetHeight ?? 0;
    const top = index * this.height;
    const view = this.element;
    if (top < view.scrollTop) view.scrollTop = top;
    else if (top + this.height + head > view.scrollTop + view.clientHeight)
      view.scrollTop = top + this.height + head - view.clientHeight;
    this.soon();
  }

  choose() {
    if (this.at >= 0) this.open(this.items[this.at], this.column);
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.height) - 1);
    const steps = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    };
    const sideways = this.grid ? { ArrowRight: 1, ArrowLeft: -1 } : {};
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in steps) this.move(this.at + steps[event.key]);
    else if (event.key in sideways) this.move(Math.max(0, this.at), this.column + sideways[event.key]);
    else if (event.key === "Enter" || event.key === " ") this.choose();
    else return;
    event.preventDefault();
  }

  click(event) {
    const row = event.target.closest(".row");
    if (!row) return;
    const cell = event.target.closest("[role=gridcell]");
    const cells = [...row.querySelectorAll("[role=gridcell]")];
    this.move(Number(row.dataset.index), cell ? cells.indexOf(cell) : this.column);
    this.choose();
  }

  // For paper: all rows one below the other, up to a number that somebody may read.
  print(on) {
    this.printing = on;
    this.clear();
    this.element.classList.toggle("printed", on);
    if (!on) return this.draw();
    const shown = Math.min(this.items.length, MOST_PRINTED);
    for (let index = 0; index < shown; index++) this.place(index);
    this.element.dataset.more = this.items.length > shown ? `… and ${this.items.length - shown} more` : "";
  }
}

function box(name, attributes) {
  const element = document.createElement("div");
  element.className = name;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
