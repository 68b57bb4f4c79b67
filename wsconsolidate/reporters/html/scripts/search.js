// Which things a query means: those that have all of its words somewhere in their text.

import { classCount, qualname, report, roleOf, say } from "./data.js";

let haystack = null;

export function matcher(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return (text) => words.every((word) => text.includes(word));
}

// The classes that fit, by their numbers.
export function matchingClasses(query, ids) {
  if (!query.trim()) return ids;
  haystack ??= Array.from({ length: classCount }, (_, id) =>
    `${qualname(id)} ${say(report.classes.path[id])} ${roleOf(id)}`.toLowerCase(),
  );
  const fits = matcher(query);
  return ids.filter((id) => fits(haystack[id]));
}

export function matching(query, items, textOf) {
  if (!query.trim()) return items;
  const fits = matcher(query);
  return items.filter((item) => fits(textOf(item).toLowerCase()));
}
