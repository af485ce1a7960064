"""Of whom an audience is composed: shares by themselves, shares together, and exact numbers."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.audience.population import Population
from sim.audience.portrait import persona
from sim.audience.raking import raked
from sim.testing import tiny_scenario
from sim.world import World

PERSONAS = {
    "age_bands": {"18-34": 4, "35-64": 4, "65+": 2},
    "accessibility": {"none": 9, "captions": 1},
    "leanings": {"open": 3, "comedy": 1},
    "together": [
        {"where": {"age_band": "65+", "device": "tv"}, "share": 0.18},
        {"where": {"age_band": "65+", "accessibility": "captions"}, "share": 0.06},
    ],
}
GROUPS = {
    "captioned_spanish": {"where": {"language": "es", "accessibility": "captions"}, "count": 137},
    "young_comedians": {
        "where": {"age_band": "18-34", "leaning": "comedy", "region": "north"},
        "share": 0.01,
    },
}


def population(shard: tuple[int, int] = (0, 1), **audience: Any) -> Population:
    people = tiny_scenario().audience.model_dump() | {"viewers": 20_011, "block": 1000}
    people |= {"personas": PERSONAS, "groups": GROUPS}
    world = World(tiny_scenario(audience=people | audience, campaigns=[], shifts=[]), shard=shard)
    return world.cohort.population


@pytest.fixture(scope="module")
def people() -> Population:
    return population()


def having(people: Population, **where: str) -> np.ndarray:
    found = np.ones(len(people), dtype=bool)
    for name, word in where.items():
        found &= getattr(people, name) == people.words[name].index(word)
    return found


def test_groups_have_their_exact_numbers(people: Population) -> None:
    assert having(people, language="es", accessibility="captions").sum() == 137
    assert having(people, age_band="18-34", leaning="comedy", region="north").sum() == 200


@pytest.mark.parametrize("viewers", [4000, 4001, 4096, 30_011])
def test_groups_have_their_exact_numbers_in_any_audience(viewers: int) -> None:
    found = population(viewers=viewers)
    assert having(found, language="es", accessibility="captions").sum() == 137


def test_shards_share_the_groups_among_them(people: Population) -> None:
    parts = [population((i, 3)) for i in range(3)]
    assert sum(having(part, language="es", accessibility="captions").sum() for part in parts) == 137
    for part in parts:
        where = np.searchsorted(people.viewer, part.viewer)
        for name in people.words:
            assert (getattr(part, name) == getattr(people, name)[where]).all(), name


def test_shares_hold_by_themselves(people: Population) -> None:
    sure = 4 * (0.25 / len(people)) ** 0.5
    for name, word, share in (
        *(("age_band", "18-34", 0.4), ("age_band", "65+", 0.2), ("accessibility", "captions", 0.1)),
        *(("device", "tv", 2 / 3), ("region", "south", 1 / 3), ("language", "de", 1 / 6)),
        *(("leaning", "comedy", 0.25), ("consent", "necessary", 0.17)),
    ):
        assert having(people, **{name: word}).mean() == pytest.approx(share, abs=sure), name


def test_shares_hold_together(people: Population) -> None:
    sure = 4 * (0.2 / len(people)) ** 0.5
    assert having(people, age_band="65+", device="tv").mean() == pytest.approx(0.18, abs=sure)
    assert having(people, age_band="65+", accessibility="captions").mean() == pytest.approx(0.06, abs=sure)
    # By chance it would be 0.133 and 0.02.
    assert having(people, language="de", region="south").sum() == 0


def test_those_who_lean_to_a_genre_like_it_more_and_tastes_keep_their_variance(people: Population) -> None:
    scenario = tiny_scenario(
        audience=tiny_scenario().audience.model_dump() | {"personas": PERSONAS}, campaigns=[]
    )
    catalog = World(scenario).catalog
    comedy = catalog.trait[catalog.genre == catalog.genres.index("comedy")].mean(axis=0)
    towards = people.taste @ (comedy / np.linalg.norm(comedy))
    leans = having(people, leaning="comedy")
    # A correlation of 0.6 with a direction, in which a taste has length √8.
    assert towards[leans].mean() == pytest.approx(0.6 * 8**0.5, abs=0.1)
    assert abs(towards[~leans].mean()) < 0.1
    length = (people.taste**2).sum(axis=1)
    assert length[leans].mean() == pytest.approx(8, rel=0.05)


def test_raking_finds_the_nearest_table() -> None:
    rng = np.random.default_rng(3)
    table, wanted = rng.random((4, 5)), rng.random((4, 5))
    wanted /= wanted.sum()
    margins: dict[tuple[int, ...], Any] = {(0,): wanted.sum(axis=1), (1,): wanted.sum(axis=0)}
    found = raked(table, margins, [])
    assert found.sum(axis=1) == pytest.approx(margins[(0,)])
    assert found.sum(axis=0) == pytest.approx(margins[(1,)])
    # What makes it the nearest: odds ratios stay as they were.
    ratio = found / table
    assert ratio[1:, 1:] * ratio[0, 0] == pytest.approx(ratio[1:, :1] * ratio[:1, 1:])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            {"groups": {"all": {"where": {"device": "tv"}, "count": 21_000}}},
            "do not fit an audience of 20,011",
        ),
        ({"groups": {"odd": {"where": {"device": "radio"}, "count": 1}}}, "unknown device 'radio'"),
        ({"groups": {"odd": {"where": {"devise": "tv"}, "count": 1}}}, "Did you mean 'device'"),
        ({"groups": {"odd": {"where": {"device": "tv"}}}}, "a share or a count"),
        (
            {"groups": {"odd": {"where": {"language": "de", "region": "south"}, "count": 1}}},
            "group 'odd': nobody can be so",
        ),
        (
            {
                "groups": {
                    "all": {"where": {"device": "tv"}, "count": 10},
                    "some": {"where": {"device": "tv", "region": "south"}, "count": 10},
                }
            },
            "group 'some': nobody can be so, or only members of other groups",
        ),
        (
            {
                "personas": {"together": [{"where": {"device": "tv", "region": "north"}, "share": 0.9}]},
                "groups": {},
            },
            "contradict each other",
        ),
        ({"personas": {"leanings": {"open": 1, "commedy": 1}}, "groups": {}}, "Did you mean 'comedy'"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        population(**wrong)


def test_a_portrait_tells_what_the_columns_say(people: Population) -> None:
    row = int(np.flatnonzero(having(people, accessibility="captions", leaning="comedy", device="tv"))[0])
    text = persona(people, row)
    assert text == persona(people, row)
    for word in ("captions", "comedy", "tv", people.words["age_band"][people.age_band[row]]):
        assert word in text
    texts = {persona(people, row) for row in range(500)}
    assert len(texts) > 100
    assert all(text[0].isupper() and text.endswith(".") for text in texts)
