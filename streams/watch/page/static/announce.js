// What a screen reader is told without being asked: changes of state alone, one at a time.

import { $ } from "./dom.js";

export function announce(text) {
  $("announcer").textContent = text;
}
