"""Every verdict policy: the same text gets the same verdict, in positive time."""

from typing import Any

from sim.adversaries.composer import composed
from sim.adversaries.verdict import VERDICTS
from tests.conformance.plugins import PluginSuite, kinds


@kinds(VERDICTS)
class TestVerdicts(PluginSuite):
    family: Any = VERDICTS
    path = ("properties", "moderation", "anyOf", 0)

    def test_a_verdict_is_a_function_of_text_and_bits(self, plugin: Any) -> None:
        for bits in range(200):
            recipe = composed("scam", bits, title="Low Tide")
            one, other = (plugin.verdict(recipe, bits, violating=True) for _ in range(2))
            assert one == other
            assert one.delay > 0

    def test_violating_texts_are_found_more_often_than_benign_ones(self, plugin: Any) -> None:
        found = [
            sum(
                plugin.verdict(
                    composed(policy, bits, title="Low Tide"), bits * 7919, violating=policy == "scam"
                ).flagged
                for bits in range(500)
            )
            for policy in ("scam", "none")
        ]
        assert found[0] > 5 * found[1]
