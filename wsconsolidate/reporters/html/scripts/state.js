// What is looked at: it lives in the address, so that a link leads there and "back" goes back.

const listeners = [];

export function now() {
  const [view, query = ""] = decodeURI(location.hash.slice(1)).split("?");
  return { view, ...Object.fromEntries(new URLSearchParams(query)) };
}

export function listen(listener) {
  listeners.push(listener);
}

// Change some of it; null takes a part away. A new view or item is a step that "back" takes back.
export function go(changes) {
  const before = now();
  const { view, ...rest } = { ...before, ...changes };
  const kept = Object.entries(rest).filter(([, value]) => value !== null && value !== "");
  const query = new URLSearchParams(kept).toString();
  const address = `#${view}${query ? `?${query}` : ""}`;
  if (address === location.hash) return;
  const isStep = view !== before.view || (rest.item ?? "") !== (before.item ?? "");
  history[isStep ? "pushState" : "replaceState"](null, "", address);
  announce();
}

export function announce() {
  for (const listener of listeners) listener(now());
}

addEventListener("hashchange", announce);
addEventListener("popstate", announce);
