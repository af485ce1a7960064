"""Every detector: finds what has changed, is quiet where nothing has, and can be written down and read again."""

from functools import partial
from typing import Any, ClassVar, get_args

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from sim.durations import MINUTE
from sim.seeds import rng_for
from streams.watch.drift.detector import (
    DEFAULT_DETECTORS,
    DETECTORS,
    Detector,
    Setting,
    Verdict,
    Watcher,
    Window,
    parsed,
)
from tests.conformance.plugins import PluginSuite, kinds

SPAN = 15 * MINUTE
MEMORY = 6
QUIET_WINDOWS = 96
ALPHA = 1e-4


def window(number: int, values: NDArray[np.float64], *, rng: np.random.Generator) -> Window:
    start = number * SPAN
    times = np.sort(rng.integers(start, start + SPAN, len(values)))
    return Window(start, start + SPAN, times, values.reshape(len(values), -1))


def sessions(rng: np.random.Generator, count: int, *, shift: float = 0.0) -> NDArray[np.float64]:
    """Heavy-tailed numbers in sessions of five that are alike: as many as 0.65 of them are worth."""
    taste = np.repeat(rng.normal(size=count // 5), 5)
    normal = np.sqrt(0.8) * rng.normal(size=count // 5 * 5) + np.sqrt(0.2) * taste
    return np.exp(normal + shift)


def names(rng: np.random.Generator, count: int, *, moved: float = 0.0) -> NDArray[np.float64]:
    return rng.choice(3, count, p=[0.6 - moved, 0.3 + moved, 0.1]).astype(float)


def watcher(detector: Detector, draw: Any, *, rng: np.random.Generator, categorical: bool = False) -> Watcher:
    reference = [window(number, draw(rng), rng=rng) for number in range(MEMORY)]
    return detector.learn(reference, Setting(categorical, ALPHA, rng))


def course(watching: Watcher, windows: list[Window]) -> list[Verdict]:
    verdicts = []
    for each in windows:
        verdicts.append(watching.judge(each))
        watching.settle(each, detected=verdicts[-1].detected)
    return verdicts


@kinds(DETECTORS)
class TestDetectors(PluginSuite):
    family: Any = DETECTORS
    needed: ClassVar[dict[str, Any]] = {}

    def test_the_schema_of_scenarios_has_it(self, kind: str, plugin: Any) -> None:
        """Scenarios hold detectors as they are written; they are read by whoever watches."""
        assert parsed([{"kind": kind}]) == (plugin,)

    def test_it_is_the_only_plugin_of_its_file(self, kind: str) -> None:
        super().test_it_is_the_only_plugin_of_its_file(kind)
        assert get_args(DETECTORS.named(kind).model_fields["kind"].annotation) == (kind,)

    def test_quiet_windows_are_quiet(self, plugin: Any) -> None:
        rng = rng_for(3, "quiet", plugin.kind)
        watching = watcher(plugin, partial(sessions, count=500), rng=rng)
        rest = [window(MEMORY + n, sessions(rng, 500), rng=rng) for n in range(QUIET_WINDOWS)]
        # A simulated day: at most one false alarm is promised.
        assert sum(verdict.detected for verdict in course(watching, rest)) <= 1

    def test_one_standard_deviation_is_found_within_two_windows(self, plugin: Any) -> None:
        rng = rng_for(4, "shifted", plugin.kind)
        for shift in (1.0, -1.0):
            watching = watcher(plugin, partial(sessions, count=500), rng=rng)
            later = [window(MEMORY + n, sessions(rng, 500, shift=shift), rng=rng) for n in range(2)]
            assert any(verdict.detected for verdict in course(watching, later))

    def test_shares_of_names_that_move_are_found(self, plugin: Any) -> None:
        if not plugin.categorical:
            pytest.skip("takes numbers only")
        rng = rng_for(5, "names", plugin.kind)
        watching = watcher(plugin, partial(names, count=500), rng=rng, categorical=True)
        quiet = [window(MEMORY + n, names(rng, 500), rng=rng) for n in range(8)]
        assert not any(verdict.detected for verdict in course(watching, quiet))
        later = [window(MEMORY + 8 + n, names(rng, 500, moved=0.4), rng=rng) for n in range(3)]
        assert any(verdict.detected for verdict in course(watching, later))

    def test_it_survives_missing_constant_few_and_no_values(self, plugin: Any) -> None:
        rng = rng_for(6, "odd", plugin.kind)
        for draw in (
            lambda rng: np.full(300, 5.0),
            lambda rng: np.where(rng.random(300) < 0.5, np.nan, rng.random(300)),
            lambda rng: np.full(300, np.nan),
        ):
            watching = watcher(plugin, draw, rng=rng)
            odd = [draw(rng), rng.normal(size=30), np.full(60, np.nan), np.array([1e100] * 60)]
            for verdict in course(watching, [window(MEMORY + n, v, rng=rng) for n, v in enumerate(odd)]):
                assert not np.isnan(verdict.statistic)
                assert verdict.p is None or 0 <= verdict.p <= 1

    def test_the_same_windows_give_the_same_verdicts(self, plugin: Any) -> None:
        def told() -> list[Verdict]:
            rng = rng_for(7, "again", plugin.kind)
            watching = watcher(plugin, partial(sessions, count=200), rng=rng)
            return course(watching, [window(MEMORY + n, sessions(rng, 200), rng=rng) for n in range(4)])

        assert told() == told()

    def test_wrong_parameters_are_refused(self, kind: str) -> None:
        for name, field in DETECTORS.named(kind).model_fields.items():
            if field.annotation in (int, float) and name not in ("relevant",):
                with pytest.raises(ValidationError):
                    DETECTORS.parse({"kind": kind, name: -1})

    def test_it_cites_its_source(self, kind: str) -> None:
        assert "Source: " in (DETECTORS.named(kind).__doc__ or "")


def test_all_that_were_promised_are_there() -> None:
    promised = {"psi", "js", "ks", "w1", "mmd", "chi_square", "adwin", "page_hinkley", "classifier"}
    assert promised <= set(DETECTORS.classes())
    assert {each["kind"] for each in DEFAULT_DETECTORS} <= promised


def test_two_of_a_kind_need_names() -> None:
    with pytest.raises(ValueError, match="two detectors are called 'psi'"):
        parsed([{"kind": "psi"}, {"kind": "psi", "bins": 5}])
    assert [each.label for each in parsed([{"kind": "psi"}, {"kind": "psi", "name": "coarse"}])] == [
        "psi",
        "coarse",
    ]
    with pytest.raises(ValueError, match=r"unknown detector 'pis'.*Did you mean 'psi'"):
        parsed([{"kind": "pis"}])


@pytest.mark.parametrize("kind", sorted(k for k, cls in DETECTORS.classes().items() if cls.joint))
def test_a_lost_correlation_is_seen_by_those_who_look_at_fields_together(kind: str) -> None:
    rng = rng_for(8, "joint", kind)

    def pairs(rng: np.random.Generator, rho: float = 0.8) -> NDArray[np.float64]:
        return rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], size=800)

    watching = watcher(DETECTORS.parse({"kind": kind}), pairs, rng=rng)
    quiet = [window(MEMORY + n, pairs(rng), rng=rng) for n in range(8)]
    assert not any(verdict.detected for verdict in course(watching, quiet))
    assert course(watching, [window(MEMORY + 8, pairs(rng, -0.2), rng=rng)])[0].detected
