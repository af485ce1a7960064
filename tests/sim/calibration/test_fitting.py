"""The search: it finds what is there, keeps within bounds, and spends no more than it may."""

from collections.abc import Mapping

import numpy as np

from sim.calibration.fitting import fitted


def test_it_finds_a_minimum_in_spite_of_noise_that_stays_the_same() -> None:
    noise = np.random.default_rng(1).normal(0, 0.05, 5)
    knots = np.linspace(0, 1, 5)

    def distances(parameters: Mapping[str, float]) -> np.ndarray:
        curve = parameters["level"] * np.exp(-parameters["rate"] * knots)
        return (curve - 7 * np.exp(-2 * knots) + noise) / 0.1

    found = fitted(
        distances, {"level": (0, 20), "rate": (0.1, 10)}, begin={"level": 2, "rate": 0.5}, budget=80
    )
    assert abs(found.parameters["level"] - 7) < 0.5
    assert abs(found.parameters["rate"] - 2) < 0.4


def test_it_spends_its_budget_and_no_more_and_stays_in_bounds() -> None:
    asked: list[float] = []

    def distances(parameters: Mapping[str, float]) -> list[float]:
        asked.append(parameters["x"])
        return [100 - parameters["x"]]

    found = fitted(distances, {"x": (0, 5)}, begin={"x": 9}, budget=7)
    assert len(asked) == found.simulations <= 7
    assert all(0 <= x <= 5 for x in asked)
    assert found.parameters["x"] > 4.9
