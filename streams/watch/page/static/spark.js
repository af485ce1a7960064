// Sparklines: the shape of a row of numbers, without axes; the number beside it says how much.

import { svg } from "./dom.js";

const WIDTH = 100;
const HEIGHT = 24;

export function spark() {
  return svg("svg", { class: "spark", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("path", { class: "fill" }), svg("path", { class: "line" }));
}

/** Draws values (null: unknown) from zero, or from their least with a tenth of air if `tight`. */
export function drawSpark(node, values, { tight = false } = {}) {
  const known = values.filter((value) => value !== null);
  const most = Math.max(...known, 1e-9);
  const least = tight ? Math.min(...known, most) : 0;
  const low = tight ? least - (most - least || most) * 0.3 : 0;
  const y = (value) => HEIGHT - 1 - ((value - low) / (most - low || 1)) * (HEIGHT - 3);
  const first = Math.max(0, values.findIndex((value) => value !== null));
  const x = (at) => ((at - first) / Math.max(1, values.length - 1 - first)) * WIDTH;
  const points = values.flatMap((value, at) => (value === null ? [] : [`${x(at).toFixed(2)},${y(value).toFixed(2)}`]));
  if (points.length < 2) return;
  const line = `M${points.join("L")}`;
  node.querySelector(".line").setAttribute("d", line);
  const [left, right] = [points[0].split(",")[0], points.at(-1).split(",")[0]];
  node.querySelector(".fill").setAttribute("d", `${line}L${right},${HEIGHT}L${left},${HEIGHT}Z`);
}
