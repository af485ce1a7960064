// The funnel: how often each step follows the one before, with its course over the last minutes.

import { $, el, say, svg } from "../dom.js";
import { percent, short } from "../format.js";
import { drawSpark, spark } from "../spark.js";

let panel = null;

export function showFunnel({ stages }) {
  if (!stages[0].count && !stages[1].count) return;
  panel ??= new Panel(stages);
  stages.forEach((stage, at) => panel.show(stage, at));
}

class Panel {
  constructor(stages) {
    this.rows = stages.map(() => ({
      count: el("span", { class: "count" }), value: el("b"), per: el("span", { class: "per" }),
      bar: svg("rect", { x: 0, y: 0, height: 10, width: 0 }), line: spark(),
    }));
    $("funnel").replaceChildren(el("ol", { class: "stages" }, ...stages.map((stage, at) => this.row(stage, this.rows[at]))),
      el("p", { class: "quiet small" }, "Bars: share of the step before. Lines: its course over the last two minutes."));
  }

  row(stage, { count, value, per, bar, line }) {
    const shares = stage.per.startsWith("of ");
    return el("li", { class: shares ? "share" : null },
      el("span", { class: "name" }, stage.name), count,
      el("span", { class: "ratio" }, value, " ", per),
      shares ? el("span", { class: "bar" }, svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, bar)) : null,
      el("span", { class: "trend" }, line));
  }

  show(stage, at) {
    const { count, value, per, bar, line } = this.rows[at];
    say(count, short(stage.count));
    const ratio = stage.recent ?? stage.ratio;
    const shares = stage.per.startsWith("of ");
    say(value, ratio === null ? "" : shares ? percent(ratio, ratio < 0.1 ? 2 : 1) : ratio.toFixed(ratio < 10 ? 2 : 1));
    say(per, ratio === null ? (stage.of === null ? "opened the service" : "none yet") : stage.per);
    bar.setAttribute("width", shares && ratio !== null ? Math.min(100, 100 * ratio) : 0);
    drawSpark(line, stage.trend, { tight: stage.of !== null });
  }
}
