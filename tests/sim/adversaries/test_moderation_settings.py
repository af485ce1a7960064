"""Settings of what viewers violate: tiers, own templates, child safety, and clear words about what is wrong."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sim.adversaries.author import Author, Draft
from sim.adversaries.gate import RefusedError, gated
from sim.adversaries.hashbank import MATCH, NEAR, HashBank
from sim.adversaries.mixture import Mixture
from sim.adversaries.moderation import Moderation, TargetRefusedError
from sim.adversaries.recipe import Recipe, written
from sim.adversaries.signals import NEAR_MISS, Signals, policy_of_marker
from sim.durations import HOUR
from sim.media import MediaDesk
from sim.seeds import Stream
from sim.stage import Stage
from sim.testing import tiny_scenario
from tests.sim.chronicle import Chronicle

OWN = """
harassment:
  plain:
    rudeness: {en: [dunce, oaf]}
  violating:
    mine:
      evade: [rudeness]
      texts: {en: ["{handle} acts like a {rudeness} under {title}"]}
  hard_negatives:
    not_mine:
      twin: mine
      texts: {en: ["{handle} met no {rudeness} under {title}"]}
"""


def moderation(**changes: Any) -> Moderation:
    return Moderation.model_validate({"policies": [{"kind": "harassment", "prevalence": 0.5}], **changes})


def recipes(settings: Moderation, count: int = 300, **given: Any) -> list[Recipe]:
    mixture = Mixture(settings, seed=7)
    place = {"viewer": 5, "title": "Low Tide", "language": "en", **given}
    return [mixture.recipe(Stream(3).at(number).bits(), **place) for number in range(count)]


def test_own_templates_are_read_written_and_labelled(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    settings = moderation(tiers={"T3": 1}, templates=str(tmp_path / "own.yaml"))
    drawn = [recipe for recipe in recipes(settings) if recipe.policy == "harassment"]
    assert {recipe.tier for recipe in drawn} == {"T3"}
    assert {(recipe.function, recipe.violating) for recipe in drawn} == {("mine", True), ("not_mine", False)}
    assert all(("dunce" in text) != ("oaf" in text) for text in (gated(recipe).text for recipe in drawn))
    assert Moderation.model_validate(settings.model_dump(mode="json")) == settings


def test_policies_without_own_templates_use_invented_words(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    settings = moderation(
        policies=[{"kind": "hate", "prevalence": 1, "hard_negatives": 0}],
        tiers={"T3": 1},
        templates=str(tmp_path / "own.yaml"),
    )
    assert {recipe.tier for recipe in recipes(settings, 20)} == {"T1"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("harasment: {}", "unknown policy 'harasment'.*Did you mean 'harassment'"),
        ("harassment: {violating: {a: {texts: {en: ['see shop.com']}}}}", "'shop.com' is not reserved"),
        (
            "harassment: {violating: {a: {texts: {en: ['{insut}']}}}}",
            "a: unknown slot 'insut'.*Did you mean 'insult'",
        ),
        ("harassment: {violating: {a: {texts: {en: ['an {insult']}}}}", "stray brace"),
        ("harassment: {violating: {a: {texts: {de: ['so']}}}}", "at least one template in 'en'"),
        (
            "harassment: {violating: {a: {evade: [link], texts: {en: ['so']}}}}",
            "unknown slot to evade 'link'",
        ),
        (
            "harassment: {hard_negatives: {a: {twin: b, texts: {en: [so]}}}}",
            "unknown twin of hard negative a 'b'",
        ),
        ("child_safety: {}", "child_safety has no texts"),
        ("a: [", "are not YAML"),
    ],
)
def test_wrong_own_templates_are_told(content: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(content)
    with pytest.raises(ValidationError, match=words):
        moderation(templates=str(tmp_path / "own.yaml"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"templates": "/nowhere.yaml"}, "'/nowhere.yaml' cannot be read: No such file"),
        ({"tiers": {"T3": 1}}, "tier T3 needs templates"),
        ({"tiers": {"T1": 0}}, "not all 0"),
        ({"disguised": 0.5}, "no operators; name some"),
        ({"dialects": {"vail": 0.1}}, "unknown dialect 'vail'.*Did you mean 'vale'"),
        ({"dialects": {"vale": 0.7, "ridge": 0.7}}, "is above 1"),
        ({"policies": [{"kind": "hate"}, {"kind": "hate"}]}, "'hate' is given twice"),
        ({"policies": [{"kind": "hate", "prevalence": 0.6}]}, "make up 1.2 of everything written"),
        ({"policies": [{"kind": "child_safety"}]}, "child_safety is off unless child_safety.targets names"),
        ({"child_safety": {"targets": []}}, "at least 1 item"),
    ],
)
def test_contradictions_are_told(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        moderation(**changes)


def test_tiers_come_in_their_shares() -> None:
    settings = moderation(tiers={"T0": 1, "T1": 2, "T2": 1}, policies=[{"kind": "hate", "prevalence": 0.5}])
    tiers = [recipe.tier for recipe in recipes(settings, 2000) if recipe.tier]
    assert tiers.count("T1") / len(tiers) == pytest.approx(0.5, abs=0.05)
    assert tiers.count("T0") / len(tiers) == pytest.approx(0.25, abs=0.05)


def test_a_viewer_keeps_a_dialect_whatever_is_said() -> None:
    settings = moderation(dialects={"vale": 0.5})
    for viewer in range(20):
        assert len({recipe.dialect for recipe in recipes(settings, 20, viewer=viewer)}) == 1
    spoken = {recipes(settings, 1, viewer=viewer)[0].dialect for viewer in range(60)}
    assert spoken == {"", "vale"}


def test_child_safety_stands_on_uploads_of_opted_in_scenarios_alone() -> None:
    settings = moderation(
        policies=[{"kind": "child_safety", "prevalence": 0.4, "hard_negatives": 1}],
        child_safety={"targets": ["staging"], "known": 8},
    )
    assert {recipe.policy for recipe in recipes(settings, kind="comment")} == {"none"}
    assert {recipe.policy for recipe in recipes(settings, kind="upload")} == {"none", "child_safety"}
    signals = settings.signals(7)
    bank = signals.bank
    assert isinstance(bank, HashBank)
    for number, recipe in enumerate(recipes(settings, kind="upload")):
        (signal,) = signals.of(recipe, 5, number) or ()
        distance = bank.distance(int(signal["value"], 16))
        expected = (0, MATCH) if recipe.violating else NEAR if recipe.policy == "child_safety" else (80, 256)
        assert expected[0] <= distance <= expected[1]
        assert signals.marker(recipe) < 0x100


def test_child_safety_is_refused_where_it_was_not_asked_for() -> None:
    stage = Stage(7, span=60_000, sources=3, shard=(0, 1))
    author = Author(7, 64, ("en",), MediaDesk((), 7), stage)
    recipe = Recipe("child_safety", "known_hash", "en", 1, (("title", "Low Tide"),))
    with pytest.raises(RefusedError, match=r"only if audience\.talk\.moderation\.child_safety names"):
        author.publish([Draft(1, 1, 1, "upload", recipe)])
    settings = moderation(child_safety={"targets": ["staging", "localhost"]})
    settings.check_targets("staging", "localhost")
    moderation().check_targets("anything")
    with pytest.raises(TargetRefusedError, match="'prod' is not a target of child_safety; allowed: staging"):
        settings.check_targets("staging", "prod")


def test_markers_say_what_an_upload_violates() -> None:
    signals = Signals()
    for recipe in recipes(moderation(), kind="upload"):
        code = signals.marker(recipe)
        assert policy_of_marker(code) == ("harassment" if recipe.violating else None)
        if recipe.policy == "harassment" and not recipe.violating:
            assert policy_of_marker(code ^ NEAR_MISS) == "harassment"


def test_uploads_carry_their_marker_to_the_studio() -> None:
    settings = moderation(policies=[{"kind": "harassment", "prevalence": 0.3}])
    talk = {"comment": 0, "post": 0, "upload": 0.9, "moderation": settings.model_dump(mode="json")}
    people = tiny_scenario().audience.model_dump() | {"talk": talk}
    params = {"title": "$title", "marker": "$marker"}
    rule = {
        "topic": "content",
        "kinds": ["upload"],
        "medium": "image",
        "generator": "key_art",
        "params": params,
    }
    told = Chronicle.of(tiny_scenario(audience=people, campaigns=[], media=[rule]), 3 * HOUR)
    labels = {row["subject"]: row for row in told.kind("truth", "label").to_dicts()}
    seen = set()
    for row in told.kind("content", "upload").to_dicts():
        assert (row["media"] is not None) == (row["medium"] == "image")
        if row["media"]:
            label = labels[row["event_id"]]
            policy = policy_of_marker(row["media"][0]["params"]["marker"])
            assert policy == (label["policy"] if label["violating"] else None)
            seen.add((label["policy"], label["violating"]))
    assert seen == {("none", False), ("harassment", True), ("harassment", False)}


def test_without_moderation_all_is_benign() -> None:
    drawn = recipes(Moderation())
    assert {recipe.policy for recipe in drawn} == {"none"}
    assert len({written(recipe) for recipe in drawn}) > 20
