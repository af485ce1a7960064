"""An arms race: attackers evolve against a classifier that is retrained on late labels.

    python examples/arms_race/arms_race.py --out arms_race.svg

The defender is a logistic regression on character n-grams. It learns from undisguised texts, then every few epochs from
what attackers posted some epochs ago, once people have labelled it. Beside the attackers' success stands what their
disguises cost everybody else: the false positive rate on hard negatives in the same disguises.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier

from sim.adversaries.composer import composed
from sim.adversaries.evolution.attackers import Attackers, EvolutionSettings
from sim.adversaries.gate import gated
from sim.adversaries.recipe import Recipe
from sim.seeds import digest64

POLICY, VIOLATING, HARMLESS = "harassment", "name_calling", "everyday_word"
OPERATORS = (
    "homoglyph", "fullwidth", "zero_width", "segmentation", "leet", "keyboard", "swap", "delete", "repeat", "case",
)  # fmt: skip


class Defender:
    """A classifier and the labelled texts that it has seen so far."""

    def __init__(self, texts: Sequence[str], labels: Sequence[bool]) -> None:
        self._vectors = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=2**16)
        self.texts, self.labels = list(texts), list(labels)
        self.train()

    def train(self) -> None:
        """Fit to all that is labelled."""
        model = SGDClassifier(loss="log_loss", alpha=1e-6, max_iter=30, tol=None, random_state=0)
        self._model = model.fit(self._vectors.transform(self.texts), self.labels)

    def flags(self, texts: Sequence[str]) -> list[bool]:
        """Verdicts."""
        found: list[bool] = self._model.predict(self._vectors.transform(texts)).astype(bool).tolist()
        return found

    def learn(self, violating: Sequence[str], harmless: Sequence[str]) -> None:
        """Add labelled texts; :meth:`train` makes use of them."""
        self.texts += [*violating, *harmless]
        self.labels += [True] * len(violating) + [False] * len(harmless)


@dataclass(frozen=True)
class Epoch:
    """How an epoch went: rates from 0 to 1."""

    epoch: int
    success: float
    best: float
    genome: str
    false_positives: float
    false_positives_disguised: float
    retrained: bool


def clean(many: int, seed: int, *, violating: bool) -> list[str]:
    """Undisguised texts: violating ones, or hard negatives."""
    function = VIOLATING if violating else HARMLESS
    return written(
        [
            composed(POLICY, digest64("clean", seed, number), title="Low Tide", function=function)
            for number in range(many)
        ]
    )


def written(recipes: Sequence[Recipe]) -> list[str]:
    """The texts of recipes, through the gate."""
    return [gated(recipe).text for recipe in recipes]


def race(*, epochs: int, every: int, late: int, seed: int) -> list[Epoch]:
    """Let attackers and defender take turns; the defender is retrained every so many epochs, on labels so late."""
    known = clean(1000, seed, violating=True), clean(1000, seed, violating=False)
    defender = Defender(known[0] + known[1], [True] * 1000 + [False] * 1000)
    benign = clean(400, seed + 1, violating=False)
    settings = EvolutionSettings(
        policies=(POLICY,), functions=(VIOLATING,), operators=OPERATORS, genomes=20, budget=400, delay=0
    )
    attackers = Attackers(settings, seed=seed)
    story: list[Epoch] = []
    posted: list[tuple[list[str], list[str]]] = []
    for epoch in range(epochs):
        texts = written([probe.recipe for probe in attackers.probes()])
        disguised = written(attackers.hard_negatives(200))
        attackers.tell(defender.flags(texts))
        posted.append((texts, disguised))
        retrained = epoch % every == every - 1
        reading = attackers.readings[-1]
        story.append(
            Epoch(
                epoch,
                reading.success,
                reading.best,
                str(reading.genome),
                float(np.mean(defender.flags(benign))),
                float(np.mean(defender.flags(disguised))),
                retrained,
            )
        )
        attackers.evolve()
        if retrained:
            for violating, harmless in posted[max(0, epoch + 1 - every - late) : epoch + 1 - late]:
                defender.learn(violating, harmless)
            defender.train()
    return story


def drawn(story: Sequence[Epoch], path: Path) -> None:
    """A picture of the race."""
    figure, axes = plt.subplots(figsize=(8, 4))
    x = [one.epoch for one in story]
    axes.plot(x, [one.success for one in story], label="attack success, all genomes", color="#b3261e")
    axes.plot(x, [one.best for one in story], label="attack success, best genome", color="#b3261e", ls=":")
    axes.plot(
        x,
        [one.false_positives_disguised for one in story],
        label="false positives, disguised",
        color="#1f5fa8",
    )
    axes.plot(
        x, [one.false_positives for one in story], label="false positives, clean", color="#1f5fa8", ls=":"
    )
    for one in story:
        if one.retrained:
            axes.axvline(one.epoch + 0.5, color="#888888", lw=0.8)
    axes.set(xlabel="epoch (vertical lines: the defender is retrained)", ylabel="rate", ylim=(-0.02, 1.02))
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})


def main() -> None:
    """Run a race, print it, and draw it."""
    parser = argparse.ArgumentParser(description="Attackers evolve against a classifier that is retrained.")
    parser.add_argument("--epochs", type=int, default=24)
    parser.add_argument("--every", type=int, default=6, help="epochs between retrainings")
    parser.add_argument("--late", type=int, default=1, help="epochs until labels are known")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, help="SVG file to draw")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    given = parser.parse_args()
    story = race(epochs=given.epochs, every=given.every, late=given.late, seed=given.seed)
    if given.json:
        print(json.dumps([asdict(one) for one in story]))
    else:
        print("epoch  success  best  fpr clean  fpr disguised  best genome")
        for one in story:
            print(
                f"{one.epoch:5d}  {one.success:7.2f}  {one.best:4.2f}  {one.false_positives:9.2f}"
                f"  {one.false_positives_disguised:13.2f}  {one.genome}"
            )
            if one.retrained:
                print("       the defender is retrained")
    if given.out:
        drawn(story, given.out)


if __name__ == "__main__":
    main()
