// A picture with its maps: depth, segmentation and normals, and a box around every object.

import { el, renewed, say, svg } from "../dom.js";

const VIEWS = { image: "Picture", depth: "Depth", instance: "Segmentation", normals: "Normals" };
const address = (asset, role) => (role === "image" ? `/assets/${asset.id}/${asset.files.image}` : `/maps/${asset.id}/${role}.png`);

export class Picture {
  constructor() {
    this.view = "image";
    this.boxes = false;
    this.chosen = null;
    this.frame = el("div", { class: "frame" });
    this.title = el("p", { class: "title" });
    this.about = el("p", { class: "quiet" });
    this.views = el("div", { class: "segments", role: "group", "aria-label": "What is shown of the picture" });
    this.objects = el("ul", { class: "parts", "aria-label": "Objects in the picture", tabindex: "0" });
    this.strip = el("div", { class: "strip", role: "group", "aria-label": "Latest pictures" });
    this.node = el("div", { class: "picture", hidden: true }, this.frame,
      el("div", { class: "facts" }, this.title, this.about, this.views, this.objects, this.strip));
  }

  show(assets) {
    this.node.hidden = !assets.length;
    if (!assets.length) return;
    this.assets = assets;
    const asset = assets.find((one) => one.id === this.chosen) ?? assets[0];
    this.asset = asset;
    this.draw();
    renewed(this.strip, [asset.id, assets.map((one) => one.id)], () => assets.map((one) =>
      el("button", { type: "button", "aria-pressed": String(one.id === asset.id), "aria-label": named(one), onclick: () => this.choose(one.id) },
        el("img", { src: address(one, "image"), alt: "", loading: "lazy", width: 48, height: 48 }))));
  }

  choose(id) {
    this.chosen = this.chosen === id ? null : id;
    this.show(this.assets);
  }

  draw() {
    const { asset, view } = this;
    const { truth } = asset;
    say(this.title, truth.title || asset.generator);
    say(this.about, [truth.genre, truth.width && `${truth.width} × ${truth.height} px`, `${truth.objects?.length ?? 0} objects`].filter(Boolean).join(" · "));
    renewed(this.frame, [asset.id, view, this.boxes], () => this.layers());
    renewed(this.views, [asset.id, view, this.boxes], () => this.buttons());
    renewed(this.objects, asset.id, () => (truth.objects ?? []).map((thing) => el("li", null, thing.label, thing.bbox ? null : el("small", null, "hidden"))));
  }

  layers() {
    const { asset, view } = this;
    const picture = (role, alt, kind) => el("img", { src: address(asset, role), alt, class: kind });
    const layers = view === "instance" ? [picture("image", named(asset)), picture("instance", "Segmentation: one colour an object", "over")]
      : [picture(view, view === "image" ? named(asset) : `${VIEWS[view]} of ${named(asset)}`)];
    if (this.boxes) layers.push(boxes(asset.truth));
    return layers;
  }

  buttons() {
    const button = (pressed, name, act) => el("button", { type: "button", "aria-pressed": String(pressed), onclick: () => { act(); this.chosen = this.asset.id; this.draw(); } }, name);
    const views = Object.entries(VIEWS).filter(([role]) => role in this.asset.files)
      .map(([role, name]) => button(this.view === role, name, () => { this.view = role; }));
    return [...views, button(this.boxes, "Boxes", () => { this.boxes = !this.boxes; })];
  }
}

const named = (asset) => `${asset.truth.title || "Untitled"}, ${asset.truth.genre || asset.generator}: ${(asset.truth.objects ?? []).map((thing) => thing.label).join(", ")}`;

function boxes(truth) {
  const there = (truth.objects ?? []).filter((thing) => thing.bbox);
  return svg("svg", { viewBox: `0 0 ${truth.width} ${truth.height}`, "aria-hidden": "true" }, ...there.flatMap(({ bbox: [x, y, width, height] }) =>
    ["shade", "box"].map((kind) => svg("rect", { class: kind, x, y, width, height }))));
}
