// Drift: a small chart a feature, with the onsets that were planted and the windows in which a detector fired.

import { announce } from "../announce.js";
import { Chart, line, onset } from "../chart.js";
import { $, el, renewed, say, state, svg, table, TableAlternative } from "../dom.js";
import { counted, distance, hour, moment, span } from "../format.js";

const MAJOR_PSI = 0.2;
const NAMES = { psi: "PSI", js: "Jensen–Shannon", ks: "Kolmogorov–Smirnov", w1: "Wasserstein-1", mmd: "MMD" };

let panel = null;

export function showDrift(drift) {
  if (!Object.values(drift.features).some((feature) => feature.at.length)) return;
  panel ??= new Panel(drift);
  panel.show(drift);
}

class Panel {
  constructor(drift) {
    this.measure = "psi";
    this.features = new Map();
    this.fired = new Set();
    this.select = el("select", { id: "measure", onchange: () => { this.measure = this.select.value; this.show(this.drift); } });
    this.shifts = el("ul", { class: "shifts" });
    this.charts = el("div", { class: "features" });
    this.table = new TableAlternative("Drift as a table", () => this.tabled());
    $("drift").replaceChildren(
      el("div", { class: "choice" }, this.shifts, el("span", { class: "row" }, el("label", { for: "measure" }, "Distance"), this.select)),
      this.charts, this.key(), this.table.node);
    for (const name of Object.keys(drift.features)) this.add(name);
  }

  key() {
    const item = (text, shape) => el("li", null, svg("svg", { viewBox: "0 0 24 16", "aria-hidden": "true" }, shape), text);
    return el("ul", { class: "legend" },
      item("planted onset, named", svg("line", { class: "onset", x1: 12, y1: 0, x2: 12, y2: 16 })),
      item("a detector fired", svg("path", { class: "fired", d: "M12 2l6 11H6z" })),
      item("PSI 0.2, by custom a major change", svg("line", { class: "major", x1: 0, y1: 8, x2: 24, y2: 8 })));
  }

  add(name) {
    const place = el("div");
    const verdict = el("span");
    const value = el("b");
    this.charts.append(el("div", { class: "feature" }, el("p", { class: "feature-head" }, el("span", null, el("strong", null, name), " ", value), verdict), place));
    const feature = { name, verdict, value };
    feature.chart = new Chart(place, {
      lines: [{ label: name, colour: "s1" }], floor: 0.05, utc: true, x: (at) => hour(at * 1000), y: (value) => (value < 1 ? value.toFixed(2) : value.toFixed(1)),
      draw: (plot, colour) => this.mark(plot, colour, name),
    });
    this.features.set(name, feature);
  }

  show(drift) {
    this.drift = drift;
    this.choices(drift);
    for (const name of Object.keys(drift.features)) {
      if (!this.features.has(name)) this.add(name);
      this.feature(this.features.get(name), drift.features[name]);
    }
    renewed(this.shifts, [drift.shifts, drift.false_alarms], () => [...drift.shifts.map(shiftTold),
      el("li", { class: "quiet" }, `${drift.shifts.length ? "" : "No shift planted yet; "}${drift.false_alarms ? counted(drift.false_alarms, "false alarm") : "no false alarm"}`)]);
    this.table.renew();
  }

  choices(drift) {
    const known = [...new Set(Object.values(drift.features).flatMap((feature) => Object.keys(feature.measures)))];
    if (!known.includes(this.measure) && known.length) this.measure = known.includes("psi") ? "psi" : known[0];
    renewed(this.select, known, () => known.map((name) => el("option", { value: name, selected: name === this.measure }, NAMES[name] ?? name)));
  }

  feature(row, feature) {
    const values = feature.measures[this.measure] ?? feature.at.map(() => null);
    const last = values.at(-1);
    const fired = (feature.detected.at(-1) ?? []).length > 0;
    say(row.value, feature.at.length ? distance(last) : "");
    renewed(row.verdict, [feature.at.length > 0, fired], () => !feature.at.length ? state("waiting", "no window yet") : fired ? state("bad", "changed") : state("good", "steady"));
    if (fired && !this.fired.has(row.name)) announce(`Drift noticed in ${row.name}.`);
    if (fired) this.fired.add(row.name); else this.fired.delete(row.name);
    row.chart.show([feature.at.map((at) => at / 1000), values],
      `${NAMES[this.measure] ?? this.measure} of ${row.name} over ${counted(feature.at.length, "window")}: last ${distance(last)}, ${fired ? "changed" : "steady"}.`);
  }

  mark(plot, colour, name) {
    const { ctx, bbox } = plot;
    const ratio = window.devicePixelRatio || 1;
    const feature = this.drift.features[name];
    ctx.save();
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    ctx.font = `${11 * ratio}px system-ui, sans-serif`;
    if (this.measure === "psi") level(ctx, bbox, plot.valToPos(MAJOR_PSI, "y", true), colour("quiet"), ratio);
    for (const shift of this.drift.shifts.filter((one) => !one.features.length || one.features.includes(name))) {
      onset(ctx, bbox, plot.valToPos(shift.onset_ms / 1000, "x", true), shift.shift, colour, ratio);
    }
    const values = feature.measures[this.measure] ?? [];
    feature.at.forEach((at, row) => {
      if (feature.detected[row].length) triangle(ctx, plot.valToPos(at / 1000, "x", true), plot.valToPos(values[row] ?? 0, "y", true), colour("s2"), ratio);
    });
    ctx.restore();
  }

  tabled() {
    const rows = Object.entries(this.drift.features).flatMap(([name, feature]) => feature.at.map((at, row) =>
      [moment(at), name, distance(feature.measures[this.measure]?.[row]), feature.n[row], feature.detected[row].join(", ") || "steady"]));
    const planted = this.drift.shifts.map((shift) => [moment(shift.onset_ms), shift.features.join(", "), "", "", `planted: ${shift.shift}`]);
    return table(`${NAMES[this.measure] ?? this.measure}, window by window`, ["end of window", "feature", "distance", "values", "detectors"],
      [...planted, ...rows.reverse()], [1, 4]);
  }
}

function shiftTold(shift) {
  const after = shift.detected_after_s;
  const found = after === null ? state("waiting", "not noticed yet") : state("good", `noticed after ${span(after)} of simulated time`);
  return el("li", null, el("strong", null, shift.shift.replaceAll("_", " ")), ` planted ${moment(shift.onset_ms)} · `, found);
}

function level(ctx, bbox, y, colour, ratio) {
  if (y < bbox.top) return;
  ctx.strokeStyle = colour;
  ctx.lineWidth = ratio;
  ctx.setLineDash([2 * ratio, 3 * ratio]);
  line(ctx, bbox.left, y, bbox.left + bbox.width, y);
  ctx.setLineDash([]);
  ctx.fillStyle = colour;
  ctx.fillText("0.2", bbox.left + bbox.width - 18 * ratio, y - 3 * ratio);
}

function triangle(ctx, x, y, colour, ratio) {
  const size = 4.5 * ratio;
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.moveTo(x, y - size);
  ctx.lineTo(x + size, y + size * 0.8);
  ctx.lineTo(x - size, y + size * 0.8);
  ctx.fill();
}
