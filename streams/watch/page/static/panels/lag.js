// How far readers are behind, and what could not be processed.

import { $, el, renewed, say, svg } from "../dom.js";
import { counted, short } from "../format.js";

const place = { lag: el("div"), letters: el("div") };
let begun = false;

function begin() {
  if (!begun) $("lag").replaceChildren(place.lag, place.letters);
  begun = true;
}

export function showLag(groups) {
  const rows = Object.entries(groups).flatMap(([group, topics]) => Object.entries(topics).map(([topic, records]) => ({ group, topic, records })));
  const all = rows.reduce((sum, row) => sum + row.records, 0);
  say($("f-lag"), rows.length ? short(all) : "–");
  if (!rows.length) return;
  begin();
  const most = Math.max(1, ...rows.map((row) => row.records));
  renewed(place.lag, rows, () => el("div", { class: "body" }, ...Object.keys(groups).map((group) => el("section", null,
    el("h3", null, group),
    el("ul", { class: "bars" }, ...told(rows.filter((row) => row.group === group), most))))));
}

function told(rows, most) {
  const behind = rows.filter((row) => row.records).sort((one, other) => other.records - one.records);
  const level = rows.filter((row) => !row.records).map((row) => row.topic);
  return [...behind.map((row) => el("li", null,
    el("span", { class: "name" }, row.topic), el("b", null, short(row.records)),
    svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("rect", { height: 10, width: (100 * row.records) / most })))),
  level.length ? el("li", { class: "level" }, `read to the end: ${level.join(", ")}`) : null];
}

export function showDeadLetters({ count, latest }) {
  if (count) begin();
  renewed(place.letters, [count, latest], () => [
    el("h3", null, count ? counted(count, "dead letter") : "No dead letters"),
    el("ul", { class: "letters quiet" }, ...latest.map((letter) => el("li", null, `${letter.source}: ${letter.reason} ${letter.message}`))),
  ]);
}
