// Light, dark or as the system: kept for this browser, and told to charts, which draw on canvas.

import { $, say } from "./dom.js";

const NAMES = { system: "System", light: "Light", dark: "Dark" };
const NEXT = { system: "dark", dark: "light", light: "system" };
const listeners = [];

export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
export const onTheme = (listener) => listeners.push(listener);

function kept() {
  try {
    return localStorage.getItem("theme") in NAMES ? localStorage.getItem("theme") : "system";
  } catch {
    return "system";
  }
}

function show(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  say($("theme-name"), NAMES[theme]);
  $("theme").setAttribute("aria-label", `Colours: ${theme === "system" ? "as the system" : NAMES[theme].toLowerCase()}`);
  listeners.forEach((listener) => listener());
}

export function startTheme() {
  let theme = kept();
  show(theme);
  $("theme").addEventListener("click", () => {
    theme = NEXT[theme];
    try {
      localStorage.setItem("theme", theme);
    } catch { /* private windows keep nothing; the choice holds until the page is left */ }
    show(theme);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => theme === "system" && show(theme));
}
