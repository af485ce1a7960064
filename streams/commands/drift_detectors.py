"""The detectors that a scenario names, found or told what is wrong before a long run begins."""

from sim.scenario import Scenario

__all__ = ["checked"]


def checked(name: str, scenario: Scenario) -> Scenario:
    """The scenario, if all its ``drift.detectors`` are there and well; UsageError says which is not, and where.

    >>> from sim.testing import tiny_scenario
    >>> checked("tiny", tiny_scenario()).name
    'tiny'
    """
    from pydantic import ValidationError

    from sim.scenario_file import place_of
    from streams.exits import UsageError
    from streams.watch.drift.detector import DETECTORS, parsed

    for number, each in enumerate(scenario.drift.detectors):
        path: tuple[int | str, ...] = ("drift", "detectors", number)
        try:
            DETECTORS.parse(each)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            path = (*path, *first["loc"])
            rule = f"{first['input']!r}: {first['msg']}"
            raise UsageError(f"{place_of(name, path)}: {'.'.join(map(str, path))} = {rule}") from error
        except ValueError as error:
            raise UsageError(f"{place_of(name, path)}: {'.'.join(map(str, path))}: {error}") from error
    try:
        parsed(scenario.drift.detectors)
    except ValueError as error:
        raise UsageError(f"{place_of(name, ('drift', 'detectors'))}: drift.detectors: {error}") from error
    return scenario
