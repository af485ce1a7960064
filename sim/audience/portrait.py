"""Portraits: a viewer's persona as text, written when somebody asks for it."""

from sim.audience.population import Population
from sim.seeds import Picks, digest64

__all__ = ["persona"]

_OPENINGS = (
    "A viewer of {age} in {region} who speaks {language}",
    "Somebody from {region}, {age} years old, who speaks {language}",
    "A {language} speaker of {age}, at home in {region}",
)
_DEVICES = ("watches mostly on a {device}", "has a {device} at hand", "opens the service on a {device}")
_TASTES = ("leans to {genre}", "would pick {genre} over most things", "comes back for {genre}")
_OPEN = ("has no favourite genre", "likes a bit of everything", "follows no genre in particular")
_HABITS = ((0.4, "seldom comes"), (1.6, "comes now and then"), (float("inf"), "is here nearly all the time"))
_NEEDS = {
    "captions": "needs captions",
    "audio_description": "needs audio description",
    "large_text": "needs large text",
    "reduced_motion": "needs less motion on the screen",
}
_CONSENTS = {
    "all": "agrees to everything",
    "personalisation": "agrees to personalised slates only",
    "necessary": "agrees to nothing that is not necessary",
}


def persona(population: Population, row: int) -> str:
    """The persona of the viewer in a row of a population, in two sentences; the same whenever it is asked for.

    >>> from sim.testing import tiny_scenario
    >>> from sim.world import World
    >>> people = World(tiny_scenario()).cohort.population
    >>> people.words["region"][people.region[5]] in persona(people, 5)
    True
    """
    words = {name: known[getattr(population, name)[row]] for name, known in population.words.items()}
    picks = Picks(digest64("portrait", int(population.viewer[row])))
    habit = next(text for most, text in _HABITS if population.activity[row] < most)
    taste = picks.one(_OPEN) if words["leaning"] == "open" else picks.one(_TASTES)
    need = words["accessibility"]
    needs = "" if need == "none" else ", " + _NEEDS.get(need, f"needs {need}")
    first = f"{picks.one(_OPENINGS)}, {habit} and {picks.one(_DEVICES)}{needs}."
    second = f" This viewer {taste}, and {_CONSENTS.get(words['consent'], words['consent'])}."
    return (first + second).format(
        age=words["age_band"],
        region=words["region"],
        language=words["language"],
        device=words["device"],
        genre=words["leaning"],
    )
