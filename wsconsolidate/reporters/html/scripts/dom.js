// Elements. Text only ever becomes text: the page's policy forbids to parse any as HTML.

const SVG = "http://www.w3.org/2000/svg";

export function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

export function find(selector) {
  return document.querySelector(selector);
}

export function counted(number, noun, plural = `${noun}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? noun : plural}`;
}

export function sentence(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

// Prose with code between backticks.
export function prose(text) {
  const pieces = text.split(/(`[^`]+`)/).filter(Boolean);
  return pieces.map((piece) => (/^`.+`$/.test(piece) ? el("code", {}, piece.slice(1, -1)) : piece));
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined || (value === false && !name.startsWith("aria-"))) return;
  if (typeof value === "function") element.addEventListener(name, value);
  else if (name === "style") Object.entries(value).forEach(([key, it]) => element.style.setProperty(key, it));
  else element.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
}
