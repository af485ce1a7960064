"""The moderation data set: whole, repeatable, split by unit, and described as Croissant asks."""

import json
from pathlib import Path
from typing import Any

import mlcroissant
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from sim.adversaries.corpus import CorpusPlan
from sim.adversaries.grammar import lexemes
from sim.adversaries.hashbank import HashBank
from sim.adversaries.moderation import ChildSafetyOptIn
from sim.adversaries.wordlists import BlockList
from streams.commands.dataset import dataset
from streams.dataset.moderation import SPLITS, write_moderation
from streams.exits import UsageError

SIZE = 3_000


def called(*arguments: str) -> Result:
    return CliRunner().invoke(dataset, list(arguments))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "moderation"
    result = called("moderation", "--size", str(SIZE), "--seed", "7", "--out", str(out), "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert sum(told["rows"].values()) == SIZE
    assert set(told["files"]) == {path.name for path in out.iterdir()}
    return out


@pytest.fixture(scope="module")
def texts(folder: Path) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(folder / f"{split}.parquet") for split in SPLITS])


def test_the_same_arguments_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_moderation(tmp_path / "again", size=SIZE, seed=7, plan=CorpusPlan())
    for path in folder.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


def test_another_seed_gives_other_texts(texts: pl.DataFrame, tmp_path: Path) -> None:
    write_moderation(tmp_path / "other", size=300, seed=8, plan=CorpusPlan())
    other = pl.read_parquet(tmp_path / "other" / "train.parquet")
    assert len(set(other["text"]) & set(texts["text"])) < 0.2 * len(other)


def test_splits_have_their_sizes_and_keep_pairs_and_campaigns_together(texts: pl.DataFrame) -> None:
    for split, share in SPLITS.items():
        assert texts.filter(pl.col("split") == split).height / SIZE == pytest.approx(share, abs=0.04)
    for name in ("pair", "campaign"):
        groups = texts.filter(pl.col(name) != "").group_by(name).agg(pl.col("split").n_unique())
        assert groups.height > 20
        assert groups["split"].max() == 1


def test_every_pair_has_a_violation_and_a_hard_negative(texts: pl.DataFrame) -> None:
    pairs = texts.filter(pl.col("pair") != "").group_by("pair").agg("violating", "policy", "operators")
    whole = [row for row in pairs.to_dicts() if len(row["violating"]) == 2]
    assert len(whole) >= pairs.height - 1
    for row in whole:
        assert sorted(row["violating"]) == [False, True]
        assert len(set(row["policy"])) == 1
        assert row["operators"][0] == row["operators"][1]


def test_it_is_identified_and_balanced_as_planned(texts: pl.DataFrame) -> None:
    assert texts["id"].n_unique() == SIZE
    assert texts.filter(pl.col("policy") == "child_safety").is_empty()
    assert texts["policy"].n_unique() == 12
    hidden = texts.filter(pl.col("operators").list.len() > 0)
    assert hidden.height / SIZE == pytest.approx(0.53, abs=0.05)
    assert hidden.filter(~pl.col("violating")).height > 0.2 * SIZE
    assert set(texts.filter(pl.col("dialect") != "")["policy"]) == {"none"}
    assert set(texts["tier"]) == {"", "T1", "T2"}
    for row in texts.filter(pl.col("policy") == "hate").head(3).to_dicts():
        assert (row["openai"], row["ailuminate"]) == ("hate", "hte")


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib", "ignore::DeprecationWarning:mlcroissant")
def test_the_description_is_croissant_and_reads_the_files(folder: Path, texts: pl.DataFrame) -> None:
    described = mlcroissant.Dataset(jsonld=folder / "croissant.json")
    assert not described.metadata.ctx.issues.errors
    assert not described.metadata.ctx.issues.warnings
    assert {found.name for found in described.metadata.record_sets} == set(SPLITS)
    records = list(described.records("test"))
    expected = texts.filter(pl.col("split") == "test")
    assert [record["test/text"].decode() for record in records] == expected["text"].to_list()
    assert [bool(record["test/violating"]) for record in records] == expected["violating"].to_list()


def test_the_card_says_what_is_there(folder: Path, texts: pl.DataFrame) -> None:
    card = (folder / "README.md").read_text("utf-8")
    assert f"{SIZE:,} texts" in card
    for name in texts.columns:
        assert f"| `{name}` |" in card
    for policy in set(texts["policy"]):
        bad = texts.filter((pl.col("policy") == policy) & pl.col("violating")).height
        assert f"| {policy} | {bad:,} |" in card


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--policies", "hat"], "--policies: unknown policy 'hat'.*Did you mean 'hate'"),
        (["--policies", "child_safety"], "'child_safety' does not show in texts"),
        (["--languages", "xx"], "unknown language of the templates 'xx'; known: de, en, es, fr, it"),
        (["--languages", ","], "--languages is empty"),
        (["--tiers", "T1=some"], "'some' is not a number"),
        (["--tiers", "T9=1"], "unknown tier of a corpus 'T9'"),
        (["--tiers", "T1=0"], "not all 0"),
    ],
)
def test_wrong_options_are_told(arguments: list[str], words: str, tmp_path: Path) -> None:
    result = called("moderation", "--out", str(tmp_path / "out"), "--size", "10", *arguments)
    assert isinstance(result.exception, UsageError | ValueError)
    with pytest.raises(type(result.exception), match=words):
        raise result.exception
    assert not (tmp_path / "out").exists()


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="not an empty folder"):
        write_moderation(tmp_path, size=10, seed=0, plan=CorpusPlan())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(UsageError, match="No space left on device"):
        write_moderation(tmp_path / "out", size=10, seed=0, plan=CorpusPlan())
    assert not list(tmp_path.iterdir())


def test_the_lexicon_has_every_invented_and_every_mild_word(tmp_path: Path) -> None:
    assert called("lexicon", "--out", str(tmp_path / "words.jsonl")).exit_code == 0
    lines = [json.loads(line) for line in (tmp_path / "words.jsonl").read_text("utf-8").splitlines()]
    words = {line["word"]: line for line in lines}
    assert set(lexemes("insult")) <= set(words)
    assert words[lexemes("insult")[0]]["policies"] == ["harassment", "hate"]
    assert words["idiot"]["tier"] == "T2"
    assert not set(lexemes("harmless")) & set(words)


def test_the_hash_bank_is_that_of_the_scenario(tmp_path: Path) -> None:
    out = tmp_path / "bank.txt"
    assert called("hashes", "--seed", "7", "--known", "16", "--out", str(out)).exit_code == 0
    bank = ChildSafetyOptIn(targets=("x",), known=16).bank(7)
    assert isinstance(bank, HashBank)
    assert [int(line, 16) for line in out.read_text().split()] == list(bank.known)


def test_a_block_list_is_hashed_and_nothing_else(tmp_path: Path) -> None:
    words, out = tmp_path / "words.txt", tmp_path / "list.npz"
    words.write_text("borogove\nmimsyest\n")
    assert called("blocklist", str(words), "--out", str(out)).exit_code == 0
    assert b"borogove" not in out.read_bytes()
    assert out.read_bytes() == BlockList.of(["mimsyest", "borogove"]).as_bytes()
    words.write_text("\n")
    assert isinstance(called("blocklist", str(words), "--out", str(out)).exception, UsageError)
