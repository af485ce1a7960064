"""Every campaign: acts by its seed alone, labels what it posts, and hides in the audience."""

from functools import cache
from typing import Any, ClassVar

import pytest

from sim.adversaries.campaign import CAMPAIGNS
from sim.adversaries.recipe import functions
from sim.durations import HOUR, MINUTE
from sim.scenario import Scenario
from sim.testing import tiny_scenario
from tests.conformance.plugins import PluginSuite, kinds
from tests.sim.chronicle import Chronicle

START = 10 * MINUTE


def scenario(kind: str, **changes: Any) -> Scenario:
    """The tiny scenario, whose viewers say nothing, so that all content is the campaign's."""
    people = tiny_scenario().audience.model_dump() | {"talk": {"comment": 0, "post": 0, "upload": 0}}
    campaign = {"kind": kind, "name": "it", "start": START, **changes}
    return tiny_scenario(audience=people, campaigns=[campaign], shifts=[], media=[])


@cache
def story(kind: str) -> Chronicle:
    return Chronicle.of(scenario(kind), 3 * HOUR)


@kinds(CAMPAIGNS)
class TestCampaigns(PluginSuite):
    family: Any = CAMPAIGNS
    path = ("properties", "campaigns", "items")
    needed: ClassVar[dict[str, Any]] = {"name": "it"}

    @pytest.fixture
    def told(self, kind: str) -> Chronicle:
        return story(kind)

    def posted(self, told: Chronicle) -> list[dict[str, Any]]:
        return [row for name in told.kinds("content") for row in told.kind("content", name).to_dicts()]

    def test_it_posts_from_its_start_on(self, told: Chronicle) -> None:
        assert min(row["at"] for row in self.posted(told)) >= told.start + START

    def test_the_same_seed_gives_the_same_posts_and_another_does_not(
        self, kind: str, told: Chronicle
    ) -> None:
        assert self.posted(Chronicle.of(scenario(kind), 3 * HOUR)) == self.posted(told)
        other = scenario(kind).model_copy(update={"seed": 8})
        texts = {row["text"] for row in self.posted(told)}
        assert {row["text"] for row in self.posted(Chronicle.of(other, 3 * HOUR))} != texts

    def test_shards_post_it_once_between_them(self, kind: str, told: Chronicle) -> None:
        parts = [Chronicle.of(scenario(kind), 3 * HOUR, shard=(i, 3)) for i in range(3)]
        joined = [row for part in parts for row in self.posted(part)]
        order = ("event_id", "at")
        keyed = [
            sorted(rows, key=lambda row: [row[name] for name in order])
            for rows in (joined, self.posted(told))
        ]
        assert keyed[0] == keyed[1]

    def test_every_post_is_labelled_as_its_own(self, told: Chronicle) -> None:
        labels = told.kind("truth", "label").to_dicts()
        assert {label["campaign"] for label in labels} == {"it"}
        assert {label["subject"] for label in labels} == {row["event_id"] for row in self.posted(told)}
        for label in labels:
            assert label["function"] in functions(label["policy"])
            assert label["role"]

    def test_its_accounts_are_viewers_and_its_items_exist(self, told: Chronicle) -> None:
        audience = told.world.scenario.audience
        for row in self.posted(told):
            assert 0 <= row["user_id"] < audience.viewers
            assert row["source"] == row["user_id"] // audience.block
            assert 0 <= row["item_id"] < len(told.world.catalog)
            assert row["language"] < len(told.world.scenario.languages)

    def test_a_name_that_labels_cannot_carry_is_refused(self, kind: str) -> None:
        for name in ("", "with space", "Capital"):
            with pytest.raises(ValueError, match="name"):
                CAMPAIGNS.parse({"kind": kind, "name": name})

    def test_two_of_one_name_are_refused(self, kind: str) -> None:
        twice = [{"kind": kind, "name": "it"}, {"kind": kind, "name": "it"}]
        with pytest.raises(ValueError, match="name 'it' is used twice"):
            tiny_scenario(campaigns=twice)
