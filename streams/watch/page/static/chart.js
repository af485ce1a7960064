// A line chart on uPlot: as wide as its place, in the theme's colours, with a label that says what is drawn.

import { colour, onTheme } from "./theme.js";

const FONT = "12px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

export class Chart {
  /** `lines`: {label, colour, fill, dash, width}; `x`, `y`: how to write a value; `draw(uPlot)` adds marks. */
  constructor(place, { lines, x, y, utc = false, draw = null, floor = 0.001 }) {
    Object.assign(this, { place, lines, x, y, utc, draw, floor, data: [[], ...lines.map(() => [])] });
    place.classList.add("chart");
    place.setAttribute("role", "img");
    new ResizeObserver(() => this.fit()).observe(place);
    onTheme(() => this.renew());
  }

  show(data, label) {
    this.data = data;
    if (this.place.getAttribute("aria-label") !== label) this.place.setAttribute("aria-label", label);
    if (!this.plot) this.renew();
    else this.plot.setData(data);
  }

  get size() {
    return { width: Math.floor(this.place.clientWidth), height: Math.floor(this.place.clientHeight) };
  }

  fit() {
    const { width, height } = this.size;
    if (!width || !height) return;
    if (!this.plot) this.renew();
    else if (width !== this.plot.width || height !== this.plot.height) this.plot.setSize({ width, height });
  }

  renew() {
    const { width, height } = this.size;
    if (!width || !height || !this.data[0].length) return;
    this.plot?.destroy();
    this.plot = new window.uPlot(this.options(width, height), this.data, this.place);
  }

  options(width, height) {
    const axis = { stroke: colour("quiet"), font: FONT, grid: { stroke: colour("grid"), width: 1 }, ticks: { show: false } };
    return {
      width, height, legend: { show: false }, padding: [10, 18, 0, 0],
      ...(this.utc ? { tzDate: (at) => window.uPlot.tzDate(new Date(at * 1000), "Etc/UTC") } : {}),
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: {
        x: { time: true },
        y: { range: (plot, low, high) => [0, Math.max(high * 1.12, this.floor)] },
      },
      axes: [
        { ...axis, size: 26, gap: 4, space: 64, values: (plot, ticks) => ticks.map(this.x) },
        { ...axis, size: 46, gap: 4, space: 34, values: (plot, ticks) => ticks.map(this.y) },
      ],
      series: [{}, ...this.lines.map((line) => ({
        label: line.label, stroke: colour(line.colour), width: line.width ?? 1.8, dash: line.dash,
        fill: line.fill ? tinted(colour(line.colour)) : undefined, points: { show: false }, spanGaps: true,
      }))],
      hooks: {
        draw: this.draw ? [(plot) => this.draw(plot, colour)] : [],
      },
    };
  }
}

function tinted(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return `rgba(${red}, ${green}, ${blue}, 0.13)`;
}

/** A dashed line across the chart at `x`, with its name beside it. */
export function onset(ctx, bbox, x, name, colour, ratio) {
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.strokeStyle = colour("s4");
  ctx.lineWidth = 1.6 * ratio;
  ctx.setLineDash([5 * ratio, 4 * ratio]);
  line(ctx, x, bbox.top, x, bbox.top + bbox.height);
  ctx.setLineDash([]);
  ctx.fillStyle = colour("s4");
  const text = name.replaceAll("_", " ");
  const left = x - ctx.measureText(text).width - 5 * ratio;
  ctx.fillText(text, left > bbox.left ? left : x + 5 * ratio, bbox.top + 10 * ratio);
}

export function line(ctx, x, y, toX, toY) {
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}
