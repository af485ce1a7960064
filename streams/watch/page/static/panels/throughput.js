// Events per second: all together as a chart, each topic as a small one, and how late they were sent.

import { Chart, onset } from "../chart.js";
import { $, el, say, table, TableAlternative } from "../dom.js";
import { milliseconds, short, wall, whole } from "../format.js";
import { drawSpark, spark } from "../spark.js";
import { steered } from "./steer.js";

const ROWS = 60;

let panel = null;

export function showThroughput(state) {
  say($("f-rate"), state.at.length ? short(state.now) : "–");
  if (!state.at.length) return;
  panel ??= new Panel();
  panel.show(state);
}

const MEAN_OF = 5;

/** What was steered, and when: beside the course of the rate that it changed. */
function marked(plot, colour) {
  const ratio = window.devicePixelRatio || 1;
  plot.ctx.save();
  plot.ctx.textAlign = "left";
  plot.ctx.textBaseline = "alphabetic";
  plot.ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  for (const { at, name } of steered) onset(plot.ctx, plot.bbox, plot.valToPos(at, "x", true), name, colour, ratio);
  plot.ctx.restore();
}

function smooth(values) {
  return values.map((_, at) => {
    const recent = values.slice(Math.max(0, at + 1 - MEAN_OF), at + 1);
    return recent.reduce((sum, value) => sum + value, 0) / recent.length;
  });
}

class Panel {
  constructor() {
    const place = el("div");
    this.topics = el("ul", { class: "topics" });
    this.rows = new Map();
    this.table = new TableAlternative("Throughput as a table", () => this.tabled());
    $("throughput").replaceChildren(place, this.topics, this.table.node);
    this.chart = new Chart(place, {
      lines: [{ label: "each second", colour: "s1", fill: true, width: 0.6 }, { label: "mean of 5 s", colour: "s1", width: 2.2 }], floor: 10, x: wall, y: short, draw: marked,
    });
  }

  show(state) {
    this.state = state;
    const topics = Object.keys(state.rates);
    this.all = state.at.map((_, at) => topics.reduce((sum, topic) => sum + state.rates[topic][at], 0));
    const most = Math.max(...this.all);
    this.chart.show([state.at, this.all, smooth(this.all)],
      `Events a second over the last ${whole(state.at.at(-1) - state.at[0])} seconds: now ${whole(state.now)}, at most ${whole(most)}.`);
    topics.forEach((topic) => this.topic(topic, state.rates[topic]));
    const late = state.lateness;
    if (late) this.small("late, p99", milliseconds(late.p99_ms), late.trend, "late");
    this.table.renew();
  }

  topic(name, rates) {
    const last = rates.slice(-MEAN_OF);
    this.small(name, `${short(last.reduce((sum, value) => sum + value, 0) / last.length)}/s`, rates.slice(-ROWS * 2));
  }

  small(name, text, values, kind = null) {
    if (!this.rows.has(name)) {
      const row = { text: el("b"), line: spark() };
      this.rows.set(name, row);
      this.topics.append(el("li", { class: kind }, el("p", { class: "name" }, el("span", null, name), row.text), row.line));
    }
    const { text: place, line } = this.rows.get(name);
    say(place, text);
    drawSpark(line, values);
  }

  tabled() {
    const { at, rates } = this.state;
    const topics = Object.keys(rates);
    const rows = at.map((time, row) => [wall(time), whole(this.all[row]), ...topics.map((topic) => whole(rates[topic][row]))]);
    return table("Events a second, newest first", ["time", "all", ...topics], rows.slice(-ROWS).reverse());
  }
}
