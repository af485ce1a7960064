// The audit's verdict in words, and by topic.

import { announce } from "../announce.js";
import { $, el, renewed, say, svg, table } from "../dom.js";
import { counted, short, whole } from "../format.js";

const FAULTS = ["lost", "duplicated", "reordered", "late", "corrupted"];
const ICONS = {
  good: ["M4 12.5l5 5L20 6.5"], bad: ["M12 4v10", "M12 19.5h.01"], waiting: ["M12 7v5.5l3.5 2", "M12 3a9 9 0 1 0 .01 0z"],
};

let panel = null;
let before = null;

export function showAudit(audit) {
  say($("f-published"), short(audit.published));
  say($("f-audited"), short(audit.audited));
  say($("f-audited-note"), audit.pending ? `${whole(audit.pending)} still to come` : "distinct events");
  say($("f-lost"), whole(audit.lost));
  say($("f-lost-note"), audit.published ? (audit.lost ? "will not come any more" : "so far") : "nothing audited yet");
  if (!audit.published && !audit.audited) return;
  panel ??= new Panel();
  panel.show(audit);
}

class Panel {
  constructor() {
    this.verdict = el("div", { class: "verdict" });
    this.place = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Delivery by topic" });
    this.planted = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Planted mess", hidden: true });
    this.doubts = el("ul", { class: "letters quiet" });
    $("audit").replaceChildren(this.verdict, this.place, this.planted, this.doubts);
  }

  show(audit) {
    const { mood, title, text } = judged(audit);
    this.verdict.className = `verdict ${mood}`;
    renewed(this.verdict, [mood, title, text], () => [
      svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, ...ICONS[mood === "warn" ? "bad" : mood].map((d) => svg("path", { d }))),
      el("strong", null, title), el("p", null, text),
    ]);
    const topics = Object.entries(audit.topics).filter(([, counts]) => counts.published || counts.audited || faults(counts));
    const rows = topics.map(([topic, counts]) => [topic, short(counts.published), short(counts.audited), faults(counts) || "none"]);
    renewed(this.place, rows, () => table("By topic", ["topic", "published", "read back", "faults"], rows, [3]));
    const planted = Object.entries(audit.planted ?? {}).map(([mess, counts]) => [mess.replaceAll("_", " "), whole(counts.planted), whole(counts.found)]);
    this.planted.hidden = !planted.length;
    renewed(this.planted, planted, () => table("Mess that was planted", ["mess", "planted", "found"], planted));
    const doubts = audit.settled ? audit.doubts : [];
    renewed(this.doubts, doubts, () => doubts.map((doubt) => el("li", null, doubt)));
    if (before !== null && before !== title) announce(`Delivery: ${title}`);
    before = title;
  }
}

function judged(audit) {
  const beyond = { ...audit, ...audit.beyond };
  const found = faults(beyond);
  const planted = Object.values(audit.planted ?? {}).reduce((sum, mess) => sum + mess.planted, 0);
  const but = planted ? ", but for what was planted" : "";
  if (beyond.lost || beyond.corrupted) return { mood: "bad", title: `Not as published: ${found}`, text: "Nothing planted explains it; see the topics below." };
  if (found) return { mood: "warn", title: `All there, but ${found}`, text: `${whole(audit.audited)} distinct events read back.` };
  if (audit.proven) return { mood: "good", title: `Proven: everything arrived, once and in order${but}`, text: `${counted(audit.audited, "event")}; counts, numbers and digests agree.` };
  if (audit.settled) return { mood: "warn", title: "Nothing is missing, but it is not proven", text: "The reasons are below." };
  const way = audit.pending ? `${counted(audit.pending, "event")} on the way; the proof comes with the end.` : "The proof comes with the end of the run.";
  return { mood: "good", title: `Nothing lost, doubled or out of order so far${but}`, text: way };
}

const faults = (counts) => FAULTS.filter((fault) => counts[fault]).map((fault) => `${whole(counts[fault])} ${fault}`).join(", ");
