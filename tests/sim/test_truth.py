"""What is true about content stands on the truth topic, and nowhere else."""

import json
from dataclasses import replace

import polars as pl
import pytest

from sim.adversaries.author import Author, Draft
from sim.adversaries.composer import composed
from sim.adversaries.library import slots_of
from sim.adversaries.operator import plain
from sim.adversaries.policy import POLICIES
from sim.adversaries.recipe import (
    Recipe,
    functions,
    hard_negatives,
    template_count,
    written,
)
from sim.durations import HOUR
from sim.events import KINDS
from sim.names import UnknownNameError
from sim.stage import LABELS
from sim.testing import tiny_scenario
from tests.sim.chronicle import Chronicle


@pytest.fixture(scope="module")
def content(day: Chronicle) -> list[dict[str, object]]:
    return [row for name in day.kinds("content") for row in day.kind("content", name).to_dicts()]


@pytest.fixture(scope="module")
def labels(day: Chronicle) -> dict[str, dict[str, object]]:
    return {row["subject"]: row for row in day.kind("truth", "label").to_dicts()}


def test_every_content_record_has_exactly_one_label(
    day: Chronicle, content: list[dict[str, object]], labels: dict[str, dict[str, object]]
) -> None:
    assert len(day.kind("truth", "label")) == len(labels) == len(content)
    assert {record["event_id"] for record in content} == set(labels)
    assert {label["topic"] for label in labels.values()} == {"content"}


def test_a_label_comes_with_its_record(
    content: list[dict[str, object]], labels: dict[str, dict[str, object]]
) -> None:
    for record in content:
        assert labels[str(record["event_id"])]["at"] == record["at"]


def test_no_label_is_on_another_topic(day: Chronicle) -> None:
    for tick in day.ticks:
        for batch in tick.batches:
            if batch.kind.topic != "truth":
                assert set(batch.columns) == {field.name for field in batch.kind.fields}
    named = {field.name for kind in KINDS if kind.topic == "content" for field in kind.fields}
    assert not named & set(LABELS)


def test_both_sides_are_there(labels: dict[str, dict[str, object]]) -> None:
    sides = {(label["policy"], label["campaign"], label["role"]) for label in labels.values()}
    assert sides == {("none", "", "organic"), ("scam", "vouchers", "amplifier")}
    for label in labels.values():
        assert bool(label["operators"]) == (label["policy"] == "scam")


def test_campaigns_cannot_be_told_by_metadata(
    day: Chronicle, content: list[dict[str, object]], labels: dict[str, dict[str, object]]
) -> None:
    audience = day.world.scenario.audience
    posted = [row for row in content if labels[str(row["event_id"])]["campaign"]]
    written_by_viewers = [row for row in content if not labels[str(row["event_id"])]["campaign"]]
    fields = {(row["kind"], *sorted(row)) for row in written_by_viewers}
    assert {(row["kind"], *sorted(row)) for row in posted} <= fields
    for row in content:
        assert 0 <= int(str(row["user_id"])) < audience.viewers
        assert row["source"] == int(str(row["user_id"])) // audience.block
    viewers = set(day.kind("audience", "registered")["user_id"])
    assert {row["item_id"] for row in posted} <= set(day.kind("catalog", "listed")["item_id"]) | set(
        day.kind("catalog", "born")["item_id"]
    )
    assert viewers & {row["user_id"] for row in posted}


def test_a_wave_is_one_text_in_many_disguises(day: Chronicle, labels: dict[str, dict[str, object]]) -> None:
    comments = day.kind("content", "comment").to_dicts()
    posted = [row for row in comments if labels[row["event_id"]]["campaign"]]
    first = posted[:10]
    assert len({row["user_id"] for row in first}) == 10
    assert len({row["text"] for row in first}) > 5
    from sim.adversaries.operators.homoglyph import Homoglyph

    assert len({Homoglyph().restored(row["text"]) for row in first}) == 1


def test_texts_are_written_again_from_their_recipes(monkeypatch: pytest.MonkeyPatch) -> None:
    drafts: list[Draft] = []
    publish = Author.publish

    def kept(self: Author, given: list[Draft]) -> None:
        drafts.extend(given)
        publish(self, given)

    monkeypatch.setattr(Author, "publish", kept)
    told = Chronicle.of(tiny_scenario(), 3 * HOUR)
    texts = {(draft.viewer, draft.at, draft.kind): written(draft.recipe) for draft in drafts}
    records = [row for name in told.kinds("content") for row in told.kind("content", name).to_dicts()]
    assert len(records) > 50
    for row in records:
        assert row["text"] == texts[row["user_id"], row["at"], row["kind"]]


def everything_written() -> list[Recipe]:
    return [
        replace(recipe, variant=variant)
        for policy in ("none", *POLICIES.classes())
        for function in (*functions(policy), *hard_negatives(policy))
        for language in ("en", "es", "de", "fr", "it", "sw")
        for recipe in [composed(policy, 7, title="Low Tide", language=language, function=function)]
        for variant in range(template_count(policy, function, language))
    ]


def test_every_template_can_be_filled() -> None:
    for recipe in everything_written():
        text = written(recipe)
        assert text
        assert "{" not in text
        assert json.loads(json.dumps(text)) == text


def test_operators_touch_only_what_may_be_disguised() -> None:
    for recipe in everything_written():
        disguised = written(replace(recipe, chain=(("zero_width", 1.0),), seed=9))
        assert plain(disguised) == plain(written(recipe))
        if "title" not in recipe.template.evade:
            assert "Low Tide" in disguised or "Low Tide" not in written(recipe)
        template = recipe.template.variants(recipe.language)[recipe.variant]
        assert (disguised == written(recipe)) == (not set(slots_of(template)) & set(recipe.template.evade))


def test_unknown_names_in_recipes_are_told() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown policy 'scm'.*Did you mean 'scam'"):
        functions("scm")
    with pytest.raises(
        UnknownNameError, match=r"unknown function of scam 'giveway'.*Did you mean 'giveaway'"
    ):
        template_count("scam", "giveway", "en")


def test_media_specs_ride_on_the_events_of_their_rule_alone(day: Chronicle) -> None:
    for name in day.kinds("catalog"):
        specs = list(day.kind("catalog", name)["media"])
        assert all((media is not None) == (name == "born") for media in specs)
    born = day.kind("catalog", "born").to_dicts()
    assert all(row["media"][0]["params"]["title"] == row["title"] for row in born)
    assert len({row["media"][0]["seed"] for row in born}) == len(born)


def test_a_sampled_rule_samples_its_share() -> None:
    rule = {"topic": "catalog", "kinds": ["listed"], "sample": 0.3, "generator": "key_art"}
    told = Chronicle.of(
        tiny_scenario(media=[rule], catalog=tiny_scenario().catalog.model_dump() | {"items": 4000}),
        HOUR // 12,
    )
    given = told.kind("catalog", "listed").select(pl.col("media").is_not_null())["media"]
    assert given.mean() == pytest.approx(0.3, abs=0.03)
