// Numbers and times as they are read, the same everywhere on the page.

const WHOLE = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });
const MOMENT = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const HOUR = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const WALL = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export const whole = (value) => WHOLE.format(value);
export const short = (value) => (Math.abs(value) < 10_000 ? whole(value) : SHORT.format(value));
export const percent = (value, digits = 1) => `${(100 * value).toFixed(digits)}%`;
export const moment = (ms) => MOMENT.format(ms);
export const hour = (ms) => HOUR.format(ms);
export const wall = (seconds) => WALL.format(seconds * 1000);
export const counted = (count, one, many = `${one}s`) => `${whole(count)} ${count === 1 ? one : many}`;

export function distance(value) {
  if (value === null || value === undefined) return "–";
  return value >= 10 ? value.toFixed(1) : value.toFixed(3);
}

export function span(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

export function milliseconds(value) {
  return value < 1000 ? `${value < 10 ? value.toFixed(1) : Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}
