"""What every drift measure keeps, whoever wrote it."""

import inspect
import re

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import ks_2samp, wasserstein_distance

from sim.seeds import rng_for
from streams.watch.drift.detector import DETECTORS
from streams.watch.drift.distance import Distance, distances, distances_known
from streams.watch.drift.sample import CategoricalSample, EmptySampleError, NumericSample, Sample

KINDS = [each.kind for each in distances_known()]
NUMBERS = rng_for(1, "measures").normal(size=2000)
TV, PHONE = (
    CategoricalSample({"tv": 700, "phone": 300}),
    CategoricalSample({"tv": 300, "phone": 600, "watch": 100}),
)


def measure(kind: str) -> Distance:
    found = DETECTORS.parse({"kind": kind})
    assert isinstance(found, Distance)
    return found


def pairs(kind: str) -> list[tuple[Sample, Sample]]:
    """Samples that differ, of every sort that the measure compares."""
    numeric = (NumericSample.of(NUMBERS), NumericSample.of(NUMBERS[:1500] + 1))
    chosen = measure(kind)
    return [pair for pair in (numeric, (TV, PHONE)) if chosen.applies(pair[0])]


def test_the_shipped_measures_are_there() -> None:
    assert {"psi", "js", "ks", "w1"} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
class TestEveryMeasure:
    def test_compares_something(self, kind: str) -> None:
        assert pairs(kind)

    def test_is_zero_for_identical_samples(self, kind: str) -> None:
        for first, _ in pairs(kind):
            assert measure(kind).between(first, first) == pytest.approx(0, abs=1e-12)

    def test_is_positive_for_different_samples_and_grows(self, kind: str) -> None:
        for first, second in pairs(kind):
            assert measure(kind).between(first, second) > 0.02
        if measure(kind).numeric:
            reference = NumericSample.of(NUMBERS)
            found = [
                measure(kind).between(reference, NumericSample.of(NUMBERS + by)) for by in (0.1, 0.5, 1, 2)
            ]
            assert found == sorted(found)

    def test_keeps_the_symmetry_and_the_bound_that_it_states(self, kind: str) -> None:
        chosen = measure(kind)
        if chosen.symmetric:
            for first, second in pairs(kind):
                assert chosen.between(first, second) == pytest.approx(chosen.between(second, first))
        if chosen.bound is not None:
            far = [(NumericSample.of(NUMBERS), NumericSample.of(NUMBERS + 1e6))]
            far += [(CategoricalSample({"tv": 5}), CategoricalSample({"phone": 3}))]
            for first, second in [*pairs(kind), *(pair for pair in far if chosen.applies(pair[0]))]:
                assert chosen.between(first, second) <= chosen.bound + 1e-12

    def test_says_which_sample_is_empty(self, kind: str) -> None:
        for first, _ in pairs(kind):
            empty = NumericSample.of([]) if isinstance(first, NumericSample) else CategoricalSample({})
            with pytest.raises(EmptySampleError, match="the window is empty"):
                measure(kind).between(first, empty)
            with pytest.raises(EmptySampleError, match="the reference is empty"):
                measure(kind).between(empty, first)

    def test_refuses_what_it_does_not_compare(self, kind: str) -> None:
        chosen = measure(kind)
        for sample in (NumericSample.of([1.0]), TV):
            if not chosen.applies(sample):
                with pytest.raises(TypeError, match=kind):
                    chosen.between(sample, sample)

    def test_survives_equal_values_single_values_and_great_ones(self, kind: str) -> None:
        if measure(kind).numeric:
            for values in ([5.0] * 40, [1.0], [-1e100, 1e100], [0.0, 0.0, 1.0]):
                sample = NumericSample.of(values)
                assert np.isfinite(measure(kind).between(sample, sample))
                assert np.isfinite(measure(kind).between(NumericSample.of([5.0] * 9), sample))

    def test_cites_its_source(self, kind: str) -> None:
        text = inspect.getdoc(DETECTORS.named(kind)) or ""
        assert re.search(r"Source: .*\(\d{4}\)", text)


def test_ks_and_w1_agree_with_scipy() -> None:
    window = NUMBERS[:700] * 1.5 + 0.3
    found = distances(NumericSample.of(NUMBERS), NumericSample.of(window))
    assert found["ks"] == pytest.approx(ks_2samp(NUMBERS, window).statistic)
    assert found["w1"] == pytest.approx(wasserstein_distance(NUMBERS, window) / NUMBERS.std())


def test_js_agrees_with_scipy_on_names() -> None:
    found = distances(TV, PHONE)["js"]
    assert found == pytest.approx(jensenshannon([0.7, 0.3, 0], [0.3, 0.6, 0.1], base=2) ** 2)


def test_psi_of_a_small_shift_is_near_its_square() -> None:
    rng = rng_for(2, "psi")
    reference, window = rng.normal(size=200_000), rng.normal(0.1, 1, size=200_000)
    assert distances(NumericSample.of(reference), NumericSample.of(window))["psi"] == pytest.approx(
        0.01, rel=0.15
    )
