"""``greenroom dataset``: labelled data in files, and the word and hash lists that go with them."""

import json
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from streams.exits import UsageError

__all__ = ["dataset"]

dataset = typer.Typer(
    name="dataset",
    help="Data sets for training and tests, and the lists that go with them.",
    no_args_is_help=True,
)

Seed = Annotated[int, typer.Option(min=0, help="Seed; the same gives the same bytes.")]
OutFile = Annotated[Path, typer.Option(help="File to write.")]
AsJson = Annotated[bool, typer.Option("--json", help="Report as one JSON object on stdout.")]


@dataset.command()
def moderation(
    out: Annotated[Path, typer.Option(help="Folder to write; new or empty.")],
    size: Annotated[int, typer.Option(min=1, max=10_000_000, help="Number of texts.")] = 30_000,
    seed: Seed = 0,
    policies: Annotated[
        str, typer.Option(help="Policies, separated by commas; default: all with texts.")
    ] = "",
    languages: Annotated[str, typer.Option(help="Languages, separated by commas.")] = "en",
    tiers: Annotated[str, typer.Option(help="Relative shares of tiers T0, T1 and T2.")] = "T1=1,T2=1",
    disguised: Annotated[
        float, typer.Option(min=0, max=1, help="Part of all texts that is disguised.")
    ] = 0.5,
    benign: Annotated[float, typer.Option(min=0, max=100, help="Benign texts for each minimal pair.")] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Write labelled moderation texts as Parquet, with a Croissant description and a data card.

    Violations, hard negatives and benign talk, clean and disguised; splits keep pairs and campaigns together.

    Example: greenroom dataset moderation --size 30000 --out moderation
    """
    from sim.adversaries.corpus import CorpusPlan
    from streams.dataset.moderation import write_moderation

    try:
        plan = CorpusPlan(
            policies=_listed(policies),
            languages=_languages(languages),
            tiers=_shares("--tiers", tiers),
            disguised=disguised,
            benign=benign,
        )
    except ValidationError as error:
        wrong = error.errors()[0]
        raise UsageError(f"--{wrong['loc'][0]}: {str(wrong['msg']).removeprefix('Value error, ')}") from None
    written = write_moderation(out, size=size, seed=seed, plan=plan)
    if as_json:
        typer.echo(json.dumps(written.as_json()))
    else:
        rows = ", ".join(f"{count:,} {split}" for split, count in written.rows.items())
        typer.echo(f"{out}: {rows}; read README.md there first")


@dataset.command()
def lexicon(out: OutFile, as_json: AsJson = False) -> None:
    """Write the proxy lexicon: every word that stands for a violation, to load as a block list or to train on.

    One JSON object a line: word, slot, policies, tier, language.

    Example: greenroom dataset lexicon --out lexicon.jsonl
    """
    from streams.dataset.lists import lexicon_lines

    _save(
        out,
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lexicon_lines()).encode(),
        as_json,
    )


@dataset.command()
def hashes(
    out: OutFile,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the scenario that sends matches.")] = 0,
    known: Annotated[int, typer.Option(min=1, max=100_000, help="Hashes in the bank.")] = 256,
    as_json: AsJson = False,
) -> None:
    """Write the synthetic hash bank of a scenario's child-safety signals, one hash in hex a line.

    All are drawn at random; none was made from a picture. Load it into the matcher under test.

    Example: greenroom dataset hashes --seed 7 --out bank.txt
    """
    from sim.adversaries.moderation import ChildSafetyOptIn

    bank = ChildSafetyOptIn(targets=("file",), known=known).bank(seed)
    _save(out, "".join(f"{value:064x}\n" for value in bank.known).encode(), as_json)


@dataset.command()
def blocklist(
    words: Annotated[Path, typer.Argument(help="Text file with one word a line.")],
    out: OutFile,
    as_json: AsJson = False,
) -> None:
    """Turn a list of words into salted hashes of them and of everything within two edits.

    The result has the form of the block list that ships (sim/adversaries/blocklist.npz).

    Example: greenroom dataset blocklist words.txt --out blocklist.npz
    """
    from sim.adversaries.wordlists import BlockList

    try:
        listed = [word.strip() for word in words.read_text("utf-8").splitlines() if word.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{words} cannot be read as text: {error}") from None
    if not listed:
        raise UsageError(f"{words} has no words; one a line is needed")
    _save(out, BlockList.of(listed).as_bytes(), as_json)


def _save(out: Path, content: bytes, as_json: bool) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(content)
    except OSError as error:
        raise UsageError(f"--out {out} cannot be written: {error.strerror}; choose another file") from None
    typer.echo(
        json.dumps({"out": str(out), "bytes": len(content)}) if as_json else f"{out}: {len(content):,} bytes"
    )


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _languages(value: str) -> tuple[str, ...]:
    from sim.adversaries.composer import LANGUAGES
    from sim.names import UnknownNameError

    listed = _listed(value)
    if not listed:
        raise UsageError("--languages is empty; name at least one, such as en")
    for language in listed:
        if language not in LANGUAGES:
            raise UnknownNameError("language of the templates", language, LANGUAGES)
    return listed


def _shares(flag: str, value: str) -> dict[str, float]:
    shares: dict[str, float] = {}
    for part in _listed(value):
        name, _, amount = part.partition("=")
        try:
            shares[name] = float(amount) if amount else 1.0
        except ValueError:
            raise UsageError(f"{flag} {value!r}: {amount!r} is not a number; write T1=1,T2=2") from None
    if not shares:
        raise UsageError(f"{flag} is empty; write T1=1,T2=1")
    return shares
