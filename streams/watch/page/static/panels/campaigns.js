// Who acts together: campaigns with their accounts, as labelled, and the accounts that a detector ties together.

import { $, el, renewed, svg, table, TableAlternative } from "../dom.js";
import { counted, whole } from "../format.js";

const GOLDEN = Math.PI * (3 - Math.sqrt(5));
const STEP = 12;
const HUB = 26;
const DOT = 5;

let panel = null;

export function showCampaigns(state) {
  if (!state.campaigns.length && !state.bystanders.length) return;
  panel ??= new Panel();
  panel.show(state);
}

class Panel {
  constructor() {
    this.summary = el("p", { class: "graphed" });
    this.graph = el("div", { class: "graph" });
    this.table = new TableAlternative("Campaigns as a table", () => this.tabled());
    $("campaigns").replaceChildren(this.summary, this.graph, key(), this.table.node);
  }

  show(state) {
    this.state = state;
    renewed(this.summary, [state.campaigns, state.bystanders_in_all], () => told(state));
    renewed(this.graph, [state.campaigns, state.bystanders, state.ties], () => drawn(state));
    this.table.renew();
  }

  tabled() {
    const { campaigns, bystanders_in_all: strangers } = this.state;
    const rows = campaigns.map((one) => [one.name, one.policy, whole(one.posts), whole(one.violating), whole(one.accounts_in_all), whole(one.noticed)]);
    return table("Campaigns among the latest posts", ["campaign", "policy", "posts", "violating", "accounts", "noticed"],
      [...rows, ["(in no campaign)", "", "", "", "", whole(strangers)]], [1]);
  }
}

function told({ campaigns, bystanders_in_all: strangers, window_ms, edge }) {
  const members = campaigns.reduce((sum, one) => sum + one.accounts_in_all, 0);
  const found = campaigns.reduce((sum, one) => sum + one.noticed, 0);
  return [el("strong", null, `${whole(found)} of ${counted(members, "campaign account")} noticed`), `, ${whole(strangers)} others. `,
    el("span", { class: "quiet" }, `Noticed: the same text within ${window_ms / 1000} s of another account, at least ${edge} times; the detector reads no label.`)];
}

/** Each campaign is a disc of accounts around its name: a sunflower, so that the same state is always drawn alike. */
function drawn({ campaigns, bystanders, ties }) {
  const groups = [...campaigns.map((one) => ({ name: one.name.replaceAll("_", " "), note: one.policy, accounts: one.accounts }))];
  if (bystanders.length) groups.push({ name: "no campaign", note: "noticed", accounts: bystanders.map((id) => ({ id, noticed: true, stranger: true })) });
  const radius = (group) => HUB + STEP * Math.sqrt(group.accounts.length + 4);
  const columns = groups.length <= 1 ? 1 : groups.length <= 4 ? 2 : 3;
  const cell = 2 * Math.max(...groups.map(radius)) + 26;
  const rows = Math.ceil(groups.length / columns);
  const places = new Map();
  const layers = { spokes: [], ties: [], dots: [], names: [] };
  groups.forEach((group, at) => {
    const centre = [(at % columns + 0.5) * cell, (Math.floor(at / columns) + 0.5) * cell];
    around(group, centre, places, layers);
  });
  for (const [one, other] of ties) {
    const [from, to] = [places.get(one), places.get(other)];
    if (from && to) layers.ties.push(svg("line", { class: "tie", x1: from[0], y1: from[1], x2: to[0], y2: to[1] }));
  }
  const width = Math.max(cell * columns, 330);
  const left = (cell * columns - width) / 2;
  const label = groups.map((group) => `${group.name}: ${counted(group.accounts.length, "account")}, ${whole(group.accounts.filter((one) => one.noticed).length)} noticed`).join("; ");
  return svg("svg", { viewBox: `${left} 0 ${width} ${cell * rows}`, role: "img", "aria-label": label }, ...Object.values(layers).flat());
}

function around(group, [x, y], places, { spokes, dots, names }) {
  group.accounts.forEach((account, number) => {
    const distance = HUB + STEP * Math.sqrt(number + 1);
    const [atX, atY] = [x + distance * Math.cos(number * GOLDEN), y + distance * Math.sin(number * GOLDEN)];
    places.set(account.id, [atX, atY]);
    if (!account.stranger) spokes.push(svg("line", { class: "spoke", x1: x, y1: y, x2: atX, y2: atY }));
    dots.push(...mark(account, atX, atY));
  });
  names.push(svg("circle", { class: "hub", cx: x, cy: y, r: 5 }),
    svg("text", { x, y: y - 10 }, group.name), svg("text", { class: "small", x, y: y + 20 }, group.note));
}

function mark(account, x, y) {
  const title = svg("title", null, `${account.id}${account.posts ? `, ${counted(account.posts, "post")}` : ""}${account.noticed ? ", noticed" : ""}`);
  if (account.stranger) return [svg("path", { class: "stranger", d: `M${x},${y - 6}l6,6l-6,6l-6,-6z` }, title)];
  const dot = svg("circle", { class: "account", cx: x, cy: y, r: account.noticed ? DOT - 1.4 : DOT }, title);
  return account.noticed ? [svg("circle", { class: "ring", cx: x, cy: y, r: DOT + 1.4 }), dot] : [dot];
}

function key() {
  const item = (text, ...shapes) => el("li", null, svg("svg", { viewBox: "0 0 24 16", "aria-hidden": "true" }, ...shapes), text);
  const dot = (r) => svg("circle", { class: "account", cx: 12, cy: 8, r });
  return el("ul", { class: "key" },
    item("labelled account", svg("line", { class: "spoke", x1: 0, y1: 8, x2: 12, y2: 8 }), dot(5)),
    item("also noticed", svg("circle", { class: "ring", cx: 12, cy: 8, r: 6.4 }), dot(3.4)),
    item("noticed, in no campaign", svg("path", { class: "stranger", d: "M12,2l6,6l-6,6l-6,-6z" })),
    item("coordinated, by the detector", svg("line", { class: "tie", x1: 0, y1: 8, x2: 24, y2: 8 })));
}
