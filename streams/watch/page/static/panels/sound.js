// A sound with its truth as text that follows the player: words with phonemes, or chords.

import { el, renewed, say } from "../dom.js";

export class Sound {
  /** `parts` names the field of truth to show; `told` gives the text of a part and a remark on it. */
  constructor(name, parts, told) {
    Object.assign(this, { parts, told, chosen: null, marks: [] });
    this.about = el("p", { class: "quiet" });
    this.audio = el("audio", { controls: true, preload: "none", ontimeupdate: () => this.follow() });
    this.text = el("ol", { class: "parts", "aria-label": `${name}: ${parts}`, tabindex: "0" });
    this.select = el("select", { "aria-label": `${name} to listen to`, onchange: () => { this.chosen = this.select.value; this.show(this.assets); } });
    this.node = el("section", { class: "sound", hidden: true, "aria-label": name }, el("header", null, el("h3", null, name), this.select),
      this.about, this.audio, this.text);
  }

  show(assets) {
    this.assets = assets;
    this.node.hidden = !assets.length;
    if (!assets.length) return;
    const playing = this.asset && !this.audio.paused ? this.asset.id : this.chosen;
    const asset = assets.find((one) => one.id === playing) ?? (this.audio.paused ? assets[0] : this.asset);
    renewed(this.select, [asset.id, assets.map((one) => one.id)], () => assets.map((one) => el("option", { value: one.id, selected: one.id === asset.id }, one.truth.title || one.generator)));
    if (this.asset?.id !== asset.id) this.put(asset);
  }

  put(asset) {
    this.asset = asset;
    const { truth } = asset;
    this.audio.src = `/assets/${asset.id}/${asset.files.audio}`;
    this.audio.setAttribute("aria-label", truth.title || asset.generator);
    say(this.about, [truth.language ?? truth.genre, truth.key, truth.tempo && `${Math.round(truth.tempo)} bpm`, truth.duration && `${truth.duration.toFixed(1)} s`].filter(Boolean).join(" · "));
    this.marks = truth[this.parts] ?? [];
    this.text.replaceChildren(...this.marks.map((part) => {
      const [text, remark] = this.told(part);
      return el("li", null, text, remark ? el("small", null, remark) : null);
    }));
  }

  follow() {
    const at = this.audio.currentTime;
    this.marks.forEach((part, row) => this.text.children[row].classList.toggle("now", !this.audio.paused && part.start <= at && at < part.end));
  }
}
