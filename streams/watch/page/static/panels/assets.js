// The latest assets: a picture to look into, a voice and a song to listen to, each beside what is true of it.

import { $, el, say } from "../dom.js";
import { short } from "../format.js";
import { Picture } from "./picture.js";
import { Sound } from "./sound.js";

let panel = null;

export function showAssets({ assets, count }) {
  say($("f-assets"), count || assets.length ? short(count || assets.length) : "–");
  if (!assets.length) return;
  panel ??= new Panel();
  panel.show(assets);
}

class Panel {
  constructor() {
    this.picture = new Picture();
    this.voice = new Sound("Voice", "words", (word) => [word.text, word.phones]);
    this.song = new Sound("Music", "chords", (chord) => [chord.label, chord.roman]);
    this.sounds = el("div", { class: "sounds" }, this.voice.node, this.song.node);
    $("assets").replaceChildren(el("div", { class: "media" }, this.picture.node, this.sounds));
  }

  show(assets) {
    const of = (medium) => assets.filter((asset) => asset.medium === medium);
    this.picture.show(of("visual"));
    this.voice.show(of("voice"));
    this.song.show(of("music"));
    this.sounds.hidden = this.voice.node.hidden && this.song.node.hidden;
  }
}
