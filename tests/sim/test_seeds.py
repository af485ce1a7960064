"""Random numbers by position: stable, uniform, and without memory of their neighbours."""

import numpy as np
import pytest
from scipy import stats

from sim.seeds import Draws, Picks, Stream, digest64, rng_for

MASK = 2**64 - 1


def splitmix(state: int) -> int:
    """The finaliser of SplitMix64 as its authors wrote it, in Python's own integers."""
    state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    state = (state ^ (state >> 27)) * 0x94D049BB133111EB & MASK
    return state ^ (state >> 31)


def test_rng_for_is_what_it_was() -> None:
    assert rng_for(7, "catalog", "births").integers(1_000_000, size=4).tolist() == [
        534574,
        924272,
        143028,
        834839,
    ]
    assert rng_for(0).random(2).tolist() == [0.7671492669776361, 0.847476804557805]


def test_digests_are_what_they_were_and_tell_types_apart() -> None:
    assert digest64("rng", 7, "catalog") == 7478460783215080779
    paths = [(1,), ("1",), (1, ""), ("", 1), ("a", "b"), ("ab",), (1.0,)]
    assert len({digest64(*path) for path in paths}) == len(paths)


def test_draws_equal_an_independent_splitmix() -> None:
    key = digest64("draws", 7, "slate")
    for position in [(0,), (17, 3), (99_999_999, 1, 60), (2**40, 5)]:
        state = key
        for coordinate in position:
            state = splitmix((state + coordinate * 0x9E3779B97F4A7C15) & MASK)
        assert int(Draws(7, "slate").bits(*position)[0]) == state


def test_draws_do_not_depend_on_what_is_asked_beside_them() -> None:
    draws, viewers = Draws(3, "x"), np.arange(1000)
    together = draws.uniform(viewers, 5)
    apart = np.concatenate([draws.uniform(viewers[i : i + 7], 5) for i in range(0, 1000, 7)])
    assert (together == apart).all()


@pytest.mark.parametrize("position", ["who", "how often", "seed", "purpose"])
def test_draws_are_uniform_and_free_of_series(position: str) -> None:
    n = 20_000
    column = {
        "who": lambda: Draws(1, "a").uniform(np.arange(n), 0),
        "how often": lambda: Draws(1, "a").uniform(5, np.arange(n)),
        "seed": lambda: np.array([Draws(seed, "a").uniform(3)[0] for seed in range(n // 10)]),
        "purpose": lambda: Draws.uniform_from(Draws(1, "a").bits(np.arange(n // 20))[:, None], 0)[:, 0],
    }[position]()
    assert stats.kstest(column, "uniform").pvalue > 1e-4
    assert abs(stats.pearsonr(column[1:], column[:-1])[0]) < 5 / len(column) ** 0.5


@pytest.mark.parametrize("pair", [((0, 0), (0, 1)), ((0, 0), (1, 0)), ((1, 2), (2, 1)), ((0, 1), (0, 2))])
def test_draws_at_different_positions_are_independent(pair: tuple[tuple[int, int], tuple[int, int]]) -> None:
    viewers = np.arange(40_000)
    (a, b), (c, d) = pair
    first, second = (Draws(1, "a").uniform(viewers, *place) for place in ((a, b), (c, d)))
    counts = np.histogram2d(first, second, bins=8)[0]
    assert stats.chi2_contingency(counts).pvalue > 1e-4


def test_further_numbers_from_the_same_bits_are_independent() -> None:
    bits = Draws(1, "a").bits(np.arange(40_000))
    columns = [Draws.uniform_from(bits, purpose) for purpose in (1, 2, 3, 11, 12, 30)]
    for place, first in enumerate(columns):
        for second in columns[:place]:
            assert stats.chi2_contingency(np.histogram2d(first, second, bins=8)[0]).pvalue > 1e-5


def test_streams_of_different_seeds_and_paths_differ() -> None:
    firsts = {
        float(rng_for(seed, *path).random())
        for seed in range(50)
        for path in [(), ("a",), ("a", 1), ("a", "1")]
    }
    assert len(firsts) == 200


def test_picks_choose_evenly_and_stay_in_range() -> None:
    counts = np.zeros((5, 7), dtype=int)
    for number in range(7_000):
        picks = Picks(digest64("picks", number))
        counts[picks.below(5), picks.below(7)] += 1
    assert stats.chisquare(counts.ravel()).pvalue > 1e-4


def test_a_stream_equals_an_independent_splitmix() -> None:
    stream = Stream(7)
    step = 0x9E3779B97F4A7C15
    assert [stream.bits() for _ in range(3)] == [splitmix(7 + n * step & MASK) for n in (1, 2, 3)]
    assert Stream(7).at(2).bits() == splitmix(splitmix(7 + 3 * step & MASK) + step & MASK)


def test_streams_of_neighbouring_places_differ() -> None:
    stream = Stream(7)
    places = [(), *((a,) for a in range(40)), *((a, b) for a in range(40) for b in range(40))]
    assert len({stream.at(*place).bits() for place in places}) == len(places)
    assert len({Stream(seed).at(3).bits() for seed in range(1000)}) == 1000


def test_a_place_does_not_depend_on_what_was_drawn_elsewhere() -> None:
    stream = Stream(7).at(1)
    before = stream.at(2).bits()
    other = Stream(7).at(1)
    assert other.at(2).bits() == before


def test_streams_choose_evenly_and_stay_in_range() -> None:
    stream = Stream(1)
    counts = np.bincount([stream.below(7) for _ in range(14_000)], minlength=7)
    assert len(counts) == 7
    assert stats.chisquare(counts).pvalue > 1e-4


@pytest.mark.parametrize("of", [1, 5, 40, 1000])
def test_samples_are_even_without_repeats_and_begin_with_shorter_ones(of: int) -> None:
    count = min(of, 6)
    for seed in range(50):
        longer = Stream(seed).sample(of, of=of)
        assert sorted(longer) == list(range(of))
        assert Stream(seed).sample(count, of=of) == longer[:count]
    drawn = [number for seed in range(4000) for number in Stream(seed).sample(count, of=of)]
    if of > 1:
        assert (
            stats.kstest((np.array(drawn) + Draws(1).uniform(np.arange(len(drawn)))) / of, "uniform").pvalue
            > 1e-4
        )
