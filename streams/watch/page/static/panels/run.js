// What is played, and how far it is.

import { announce } from "../announce.js";
import { $, renewed, say, state } from "../dom.js";
import { moment, short, whole } from "../format.js";

const PHASES = { waiting: ["waiting", "waiting"], streaming: ["good", "streaming"], ended: ["waiting", "ended"] };

/** What other panels need of the run: the watched features. */
export const playing = { features: [] };
let before = null;

export function showRun(run) {
  playing.features = run.features;
  say($("scenario"), run.scenario.replaceAll("_", " "));
  say($("run"), run.name);
  say($("about"), run.about);
  say($("simulated"), run.simulated === null ? "not begun" : moment(run.simulated));
  say($("speed"), run.speed ? `${run.speed >= 10 ? short(run.speed) : run.speed}×` : "–");
  const [mood, word] = PHASES[run.phase];
  renewed($("phase"), run.phase, () => state(mood, word));
  document.title = `${run.scenario.replaceAll("_", " ")} · Greenroom`;
  if (before !== null && before !== run.phase) announce(`The run is ${word}; ${whole(run.records)} events read.`);
  before = run.phase;
}
