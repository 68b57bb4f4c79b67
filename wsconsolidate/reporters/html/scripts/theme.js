// Light or dark: as the system has it, until somebody chooses.

import { find } from "./dom.js";

const KEY = "wsconsolidate-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

export function setUpTheme() {
  const button = find("#theme");
  const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const tell = () => button.setAttribute("aria-pressed", isDark());
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    keep(root.dataset.theme);
    tell();
  });
  system.addEventListener("change", tell);
  tell();
}

function keep(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    root.dataset.storage = "none";
  }
}
