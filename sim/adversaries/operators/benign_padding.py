"""Harmless sentences around a text."""

from collections.abc import Sequence
from typing import Literal

from sim.adversaries.operator import Frame, FrameOperator, touched
from sim.seeds import Stream

__all__ = ["BenignPadding"]

_MOST = 4
_HARMLESS: dict[str, tuple[str, ...]] = {
    "en": (
        "Hope you all have a lovely day.", "The weather was fine this morning.", "My garden is full of tomatoes.",
        "I had soup for lunch.", "Greetings from the seaside.", "The train was on time again.",
    ),
    "es": (
        "Que tengan un buen día.", "Hoy hizo buen tiempo por la mañana.", "Mi jardín está lleno de tomates.",
        "Comí sopa al mediodía.", "Saludos desde la playa.", "El tren llegó otra vez a tiempo.",
    ),
    "de": (
        "Einen schönen Tag allen.", "Heute früh war das Wetter gut.", "Mein Garten ist voller Tomaten.",
        "Mittags gab es Suppe.", "Grüße vom Meer.", "Der Zug war wieder pünktlich.",
    ),
    "fr": (
        "Bonne journée à tous.", "Il faisait beau ce matin.", "Mon jardin est plein de tomates.",
        "J'ai mangé une soupe à midi.", "Bonjour du bord de mer.", "Le train était encore à l'heure.",
    ),
    "it": (
        "Buona giornata a tutti.", "Stamattina il tempo era bello.", "Il mio giardino è pieno di pomodori.",
        "A pranzo ho mangiato la zuppa.", "Saluti dal mare.", "Il treno era di nuovo in orario.",
    ),
}  # fmt: skip


class BenignPadding(FrameOperator):
    """Puts one to four harmless sentences before and behind the text, which dilutes what a classifier averages over.

    The table holds sentences without any label, so that of the text stays. Hosseini et al. 2017, "Deceiving Google's
    Perspective API", and Gröndahl et al. 2018, "All You Need is 'Love'".

    >>> BenignPadding(strength=0.25).reworded(Frame("{lure}!"), variants=(), language="de", rng=Stream(1)).text
    'Der Zug war wieder pünktlich. {lure}!'
    """

    kind: Literal["benign_padding"] = "benign_padding"

    def reworded(self, frame: Frame, *, variants: Sequence[str], language: str, rng: Stream) -> Frame:
        """The frame among harmless sentences of its language, or of English if there are none."""
        sentences = _HARMLESS.get(language) or _HARMLESS["en"]
        text = frame.text
        for chosen in rng.sample(touched(self.strength, _MOST), of=len(sentences)):
            text = f"{sentences[chosen]} {text}" if rng.below(2) else f"{text} {sentences[chosen]}"
        return frame._replace(text=text)

    def preserves(self, before: Frame, after: Frame) -> bool:
        """Whether nothing was added but harmless sentences."""
        ahead, found, behind = after.text.partition(before.text)
        added = ahead + behind
        for sentence in (sentence for sentences in _HARMLESS.values() for sentence in sentences):
            added = added.replace(sentence, "")
        return bool(found) and not added.strip() and before.in_image == after.in_image
