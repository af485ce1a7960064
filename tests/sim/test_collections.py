"""Collections: series in their rhythm, albums at once, and members that take after each other."""

import numpy as np
import pytest
from scipy import stats

from sim.catalog.births import Births
from sim.catalog.catalog import Catalog
from sim.catalog.settings import CatalogSettings, Collection
from sim.durations import DAY, HOUR
from sim.seeds import rng_for

START = 1_767_571_200_000
FORMATS = {
    "film": {"share": 2},
    "episode": {
        "share": 5,
        "collection": {"mean": 12, "spread": 0.6, "every": "7d", "season": 6, "alike": 0.7},
    },
    "track": {"share": 3, "collection": {"mean": 10, "spread": 0.3, "every": 0, "alike": 0.9}},
}
FILM, EPISODE, TRACK = range(3)


def catalog(**changes: object) -> Catalog:
    given = {"items": 20_000, "genres": {"a": 3, "b": 1}, "formats": FORMATS, **changes}
    settings = CatalogSettings.model_validate(given)
    return Catalog(settings, 5, start=START, regions=("x", "y"), dimensions=8, languages=("en", "fr"))


@pytest.fixture(scope="module")
def made() -> Catalog:
    return catalog()


@pytest.mark.parametrize("spread", [0.0, 0.5, 1.5])
def test_collections_have_the_mean_size_and_the_spread_that_are_set(spread: float) -> None:
    sizes = Collection(mean=12, spread=spread).sizes(40_000, rng=rng_for(1, "sizes"))
    assert sizes.min() >= 1
    assert sizes.mean() == pytest.approx(12, rel=0.03)
    # The variance of a gamma-mixed Poisson number.
    assert sizes.var() == pytest.approx(11 + (11 * spread) ** 2, rel=0.1)


def test_members_are_numbered_from_one_and_follow_each_other(made: Catalog) -> None:
    assert made.collection.min() >= 0
    for code in (EPISODE, TRACK):
        items = np.flatnonzero(made.format == code)
        for head in np.unique(made.collection[items])[:200]:
            members = np.flatnonzero(made.collection == head)
            assert (made.format[members] == code).all()
            assert made.position[members].tolist() == list(range(1, len(members) + 1))
            assert made.following(members).tolist() == [*members[1:].tolist(), -1]
    sizes = np.unique(made.collection[made.format == TRACK], return_counts=True)[1]
    assert sizes.mean() == pytest.approx(10, rel=0.06)


def test_films_stand_by_themselves(made: Catalog) -> None:
    films = np.flatnonzero(made.format == FILM)
    assert (made.collection[films] == films).all()
    assert (made.following(films) == -1).all()
    assert set(made.position[films].tolist()) == {1}
    assert set(made.season[films].tolist()) == {0}


def test_episodes_come_in_their_rhythm_and_in_seasons_and_albums_at_once(made: Catalog) -> None:
    then = made.following(np.arange(len(made)))
    for code, every in ((EPISODE, 7 * DAY), (TRACK, 0)):
        members = np.flatnonzero((made.format == code) & (then >= 0))
        assert (made.born_at[then[members]] - made.born_at[members] == every).all()
    episodes = made.format == EPISODE
    assert (made.season[episodes] == 1 + (made.position[episodes] - 1) // 6).all()
    assert made.season[episodes].max() >= 3
    assert made.born_at.max() <= START


def test_members_share_what_they_are_and_resemble_each_other_as_much_as_is_set(made: Catalog) -> None:
    for code, alike in ((EPISODE, 0.7), (TRACK, 0.9)):
        members = np.flatnonzero((made.format == code) & (made.position > 1))
        head = made.collection[members]
        for column in (made.genre, made.language, made.maturity, made.creator):
            assert (column[members] == column[head]).all()
        # Quality and trait: the first item and any other correlate as the root of what is shared.
        assert np.corrcoef(made.quality[members], made.quality[head])[0, 1] == pytest.approx(
            alike**0.5, abs=0.05
        )
        assert made.quality[members].std() == pytest.approx(1.1, rel=0.06)
        length = (made.trait**2).sum(axis=1)
        assert length[members].mean() == pytest.approx(length[made.format == FILM].mean(), rel=0.05)


def test_births_come_at_the_rate_that_is_set_albums_among_them() -> None:
    grown = catalog(items=50, births_per_day=400)
    births, rng = Births(grown), rng_for(3, "births")
    now, end = START, START + 25 * DAY
    while now < end:
        now += int(rng.exponential(1 / births.rate))
        births.bear(now, rng=rng)
    assert len(grown) - 50 == pytest.approx(400 * 25, rel=0.06)
    part = np.bincount(grown.format, minlength=3) / len(grown)
    assert part == pytest.approx([0.2, 0.5, 0.3], abs=0.04)
    tracks = np.flatnonzero((grown.format == TRACK) & (grown.born_at > START))
    for head in np.unique(grown.collection[tracks])[:100]:
        assert len(np.unique(grown.born_at[grown.collection == head])) == 1


def test_a_series_goes_on_when_it_is_due_and_no_sooner() -> None:
    grown = catalog(items=4_000, births_per_day=80)
    stock = len(grown)
    waiting = np.flatnonzero(
        (grown.format == EPISODE) & (grown.next_item < 0) & (grown.born_at > START - 7 * DAY)
    )
    births, rng = Births(grown), rng_for(4, "births")
    for hour in range(90 * 24):
        for _ in range(rng.poisson(births.rate * HOUR)):
            births.bear(START + hour * HOUR, rng=rng)
    new = np.flatnonzero((grown.format == EPISODE) & (np.arange(len(grown)) >= stock) & (grown.position > 1))
    before = np.full(len(grown), -1)
    then = grown.following(np.arange(len(grown)))
    before[then[then >= 0]] = np.flatnonzero(then >= 0)
    assert (before[new] >= 0).all()
    assert (grown.position[new] == grown.position[before[new]] + 1).all()
    assert (grown.born_at[new] - grown.born_at[before[new]] >= 7 * DAY).all()
    assert len(waiting) > 0
    assert (grown.next_item[waiting] >= 0).mean() > 0.5
    # Series end: after three months, those that were begun are of the length that is set.
    over = np.flatnonzero(
        (grown.format == EPISODE) & (grown.next_item < 0) & (grown.born_at < START - 30 * DAY)
    )
    assert len(over) > 5


def test_items_only_ever_grow_at_the_end() -> None:
    grown = catalog(items=3_000)
    before = grown.trait.copy(), grown.collection.copy(), grown.available_until.copy()
    rng = rng_for(8, "more")
    for step in range(400):
        grown.add(np.array([START + step]), rng=rng)
    assert len(grown) == len(grown.trait) == len(grown.available_from) == 3_400
    for old, column in zip(before, (grown.trait, grown.collection, grown.available_until), strict=True):
        assert (column[:3_000] == old).all()


def test_ratings_and_languages_have_their_shares() -> None:
    made = catalog(maturity={"all": 3, "adult": 1}, languages={"fr": 1}, formats={"film": {}})
    assert (made.maturity == 1).mean() == pytest.approx(0.25, abs=0.02)
    assert set(made.language.tolist()) == {1}
    both = catalog(formats={"film": {}})
    assert stats.binomtest(int(both.language.sum()), len(both)).pvalue > 1e-4


@pytest.mark.parametrize("skew", [1.0, 2.0, 6.0])
def test_the_largest_publishers_own_as_much_as_the_skew_says(skew: float) -> None:
    made = catalog(creators=100, creator_skew=skew, formats={"film": {}})
    assert (made.creator < 10).mean() == pytest.approx(10 ** (-1 / skew), abs=0.02)
