// The page follows the monitor: every event is the newest state of one panel, which its module shows.

import { announce } from "./announce.js";
import { $, say } from "./dom.js";
import { showAssets } from "./panels/assets.js";
import { showAudit } from "./panels/audit.js";
import { showCampaigns } from "./panels/campaigns.js";
import { showDrift } from "./panels/drift.js";
import { showFunnel } from "./panels/funnel.js";
import { showDeadLetters, showLag } from "./panels/lag.js";
import { showRun } from "./panels/run.js";
import { showSteering, startSteering } from "./panels/steer.js";
import { showThroughput } from "./panels/throughput.js";
import { startTheme } from "./theme.js";

const PANELS = {
  run: showRun, throughput: showThroughput, audit: showAudit, lag: showLag, dead_letters: showDeadLetters,
  funnel: showFunnel, drift: showDrift, assets: showAssets, campaigns: showCampaigns, steering: showSteering,
};
const LOST_AFTER_MS = 4000;

let lost = 0;

function connected(mood, word) {
  $("connection").className = `state ${mood}`;
  say($("connection"), word);
}

function follow() {
  const events = new EventSource("/events");
  for (const [name, show] of Object.entries(PANELS)) {
    events.addEventListener(name, (event) => show(JSON.parse(event.data)));
  }
  events.addEventListener("open", () => {
    clearTimeout(lost);
    if ($("connection").classList.contains("bad")) announce("Connected again.");
    connected("good live", "live");
  });
  events.addEventListener("error", () => {
    clearTimeout(lost);
    connected("waiting", "reconnecting");
    lost = setTimeout(() => {
      connected("bad", "not connected");
      announce("The monitor cannot be reached: the page shows what it knew last.");
    }, LOST_AFTER_MS);
    // A browser gives up for good when it was refused; a monitor that starts again is found all the same.
    if (events.readyState === EventSource.CLOSED) setTimeout(follow, LOST_AFTER_MS);
  });
}

startTheme();
startSteering();
follow();
