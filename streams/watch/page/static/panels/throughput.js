// Events per second: all together as a chart, each topic as a small one, and how late they were sent.

import { Chart } from "../chart.js";
import { $, el, say, table, TableAlternative } from "../dom.js";
import { milliseconds, short, wall, whole } from "../format.js";
import { drawSpark, spark } from "../spark.js";

const HEIGHT = 190;
const ROWS = 60;

let panel = null;

export function showThroughput(state) {
  say($("f-rate"), state.at.length ? short(state.now) : "–");
  if (!state.at.length) return;
  panel ??= new Panel();
  panel.show(state);
}

class Panel {
  constructor() {
    const place = el("div");
    this.topics = el("ul", { class: "topics" });
    this.lateness = el("p", { class: "quiet" });
    this.rows = new Map();
    this.table = new TableAlternative("Throughput as a table", () => this.tabled());
    $("throughput").replaceChildren(place, this.lateness, this.topics, this.table.node);
    this.chart = new Chart(place, {
      lines: [{ label: "all topics", colour: "s1", fill: true }], height: HEIGHT, floor: 10, time: true, x: wall, y: short,
    });
  }

  show(state) {
    this.state = state;
    const topics = Object.keys(state.rates);
    this.all = state.at.map((_, at) => topics.reduce((sum, topic) => sum + state.rates[topic][at], 0));
    const most = Math.max(...this.all);
    this.chart.show([state.at, this.all],
      `Events a second over the last ${whole(state.at.at(-1) - state.at[0])} seconds: now ${whole(state.now)}, at most ${whole(most)}.`);
    topics.forEach((topic) => this.topic(topic, state.rates[topic]));
    const late = state.lateness;
    say(this.lateness, late ? `Sent later than intended: p50 ${milliseconds(late.p50_ms)}, p99 ${milliseconds(late.p99_ms)}, worst ${milliseconds(late.worst_ms)}` : "");
    this.lateness.hidden = !late;
    this.table.renew();
  }

  topic(name, rates) {
    if (!this.rows.has(name)) {
      const row = { rate: el("b"), line: spark() };
      this.rows.set(name, row);
      this.topics.append(el("li", null, el("p", { class: "name" }, el("span", null, name), row.rate), row.line));
    }
    const { rate, line } = this.rows.get(name);
    const last = rates.slice(-5);
    say(rate, `${short(last.reduce((sum, value) => sum + value, 0) / last.length)}/s`);
    drawSpark(line, rates.slice(-120));
  }

  tabled() {
    const { at, rates } = this.state;
    const topics = Object.keys(rates);
    const rows = at.map((time, row) => [wall(time), whole(this.all[row]), ...topics.map((topic) => whole(rates[topic][row]))]);
    return table("Events a second, newest first", ["time", "all", ...topics], rows.slice(-ROWS).reverse());
  }
}
