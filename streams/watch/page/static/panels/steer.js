// Steering: what is asked for goes to all shards, and what they make of it is told here.

import { announce } from "../announce.js";
import { $, el, renewed, say } from "../dom.js";
import { moment, wall } from "../format.js";
import { playing } from "./run.js";

const SHIFTS = {
  watch_scale: ["Watching time", ["watched_ms", "position_ms"]], choosiness: ["Choosiness", ["rank"]], taste_turn: ["Taste", ["genre", "rank"]],
  reactions: ["Reactions", ["stars"]], talk: ["Talk", []],
};
const FACTORS = { 0.35: "× 0.35", 0.5: "× 0.5", 2: "× 2", 3: "× 3" };
const CAMPAIGNS = { copy_paste: "Copy-paste", link_farm: "Link farm", sock_puppets: "Sock puppets", synchronised: "Synchronised", brigading: "Brigading" };
const SPEEDS = { 1: "real time", 60: "60×", 300: "300×", 1000: "1,000×", max: "as fast as possible" };

/** When what was asked for, as other panels may mark it: seconds of wall time, and a name. */
export const steered = [];

const buttons = [];
let why;
let log;
let running;

export function startSteering() {
  why = el("p", { class: "why" });
  log = el("ol", { class: "log", "aria-label": "What was asked for, and what became of it", tabindex: "0" });
  const shift = select("shift-dial", "What changes", Object.fromEntries(Object.entries(SHIFTS).map(([dial, [name]]) => [dial, name])));
  const factor = select("shift-factor", "By how much", FACTORS, null);
  const campaign = select("campaign-kind", "Kind of campaign", CAMPAIGNS);
  const speed = select("speed-wanted", "Speed of simulated time", SPEEDS);
  $("steer").replaceChildren(el("div", { class: "steering" }, why,
    group("Arrivals", button("− 33%", "Fewer arrivals", () => ({ kind: "dial", dial: "arrivals", factor: 2 / 3 })),
      button("+ 50%", "More arrivals", () => ({ kind: "dial", dial: "arrivals", factor: 1.5 }))),
    group("Simulated time", button("Pause", null, () => ({ kind: "pause" })), button("Resume", null, () => ({ kind: "resume" }))),
    group("Speed", speed, button("Set", "Set the speed", null, () => ({ kind: "speed", speed: speed.value === "max" ? "max" : Number(speed.value) }))),
    group("A sudden shift", shift, factor, button("Plant", "Plant the shift", () => planted(shift.value, Number(factor.value)))),
    group("A campaign", campaign, button("Start", "Start the campaign", () => started(campaign.value)))), log);
  showSteering({ possible: false, why_not: "waiting for the monitor", log: [] });
}

export function showSteering(state) {
  for (const one of buttons) one.disabled = !state.possible || running !== undefined;
  say(why, running ?? (state.possible ? "" : `Off: ${state.why_not}.`));
  why.hidden = !why.textContent;
  showSteering.state = state;
  steered.splice(0, steered.length, ...state.log.filter((entry) => entry.in_force).map((entry) => ({ at: entry.asked_at, name: named(entry.change) })));
  renewed(log, state.log, () => state.log.map((entry) => el("li", null,
    el("span", { class: "quiet" }, wall(entry.asked_at)), el("span", { class: "what" }, named(entry.change)),
    el("span", { class: "outcome" }, entry.in_force ? `✓ in force in all shards from ${moment(Date.parse(entry.at))}` : `✗ refused: ${entry.reason}`))));
}

const group = (name, ...parts) => el("fieldset", null, el("legend", null, name), el("div", { class: "row" }, ...parts));

const select = (id, name, choices, kind = "wide") => el("select", { id, class: kind, "aria-label": name }, ...Object.entries(choices).map(([value, text]) => el("option", { value }, text)));

function button(text, label, change) {
  const made = el("button", { type: "button", "aria-label": label, onclick: () => steer(change(), made) }, text);
  buttons.push(made);
  return made;
}

async function steer(change, from) {
  running = `Asking all shards: ${named(change)} …`;
  showSteering(showSteering.state);
  try {
    const answer = await fetch("/steer", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(change) });
    const told = await answer.json();
    running = undefined;
    showSteering(showSteering.state);
    if (answer.ok) announce(`In force: ${named(change)}.`);
    else failed(change, told.error);
  } catch (error) {
    running = undefined;
    showSteering(showSteering.state);
    failed(change, String(error));
  }
  from.focus();
}

function failed(change, reason) {
  say(why, `Not done: ${named(change)}: ${reason}`);
  why.hidden = false;
  announce(`Not done: ${named(change)}: ${reason}`);
}

const fresh = (word) => `${word}-${Date.now().toString(36)}`;

function planted(dial, factor) {
  const fields = SHIFTS[dial][1];
  const features = playing.features.filter((feature) => fields.includes(feature.field)).map((feature) => feature.name);
  return { kind: "shift", shift: { kind: "sudden", name: fresh("page"), dial, factor: dial === "taste_turn" ? Math.min(factor, 2) : factor, features } };
}

const started = (kind) => ({ kind: "campaign", campaign: { kind, name: fresh("page"), accounts: 30, every: "15m" } });

function named(change) {
  switch (change.kind) {
    case "dial": return `${change.dial} ${change.factor ? `× ${Number(change.factor).toPrecision(3).replace(/\.?0+$/, "")}` : `to ${change.level}`}`;
    case "speed": return `speed ${change.speed === null || change.speed === "max" ? "as fast as possible" : `${change.speed}×`}`;
    case "shift": return `shift of ${(change.shift.dial ?? change.shift.kind).replaceAll("_", " ")} (${change.shift.name})`;
    case "campaign": return `campaign ${change.campaign.kind.replaceAll("_", " ")} (${change.campaign.name})`;
    default: return change.kind.replaceAll("_", " ");
  }
}
