import json
import subprocess
from pathlib import Path

import pytest

from tests.streams.enrich.enricher import command, swatch


def greenroom(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    line, environment = command(*arguments)
    return subprocess.run(line, env=environment, input=stdin, capture_output=True, text=True, timeout=60)


def test_render_makes_the_files_and_the_annotations(tmp_path: Path) -> None:
    done = greenroom(
        "render", "-", "--out", str(tmp_path / "art"), "--json", stdin=json.dumps(swatch(7, size=4))
    )
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert [file["role"] for file in made["files"]] == ["image", "label", "annotations"]
    assert (tmp_path / "art" / "swatch.pgm").read_bytes().startswith(b"P5 4 4 255\n")
    assert json.loads((tmp_path / "art" / "annotations.json").read_text())["mean"] > 0


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (json.dumps({"kind": "swach", "seed": 1}), "Did you mean 'swatch'?"),
        (json.dumps(swatch(1, sise=3)), "Did you mean 'size'?"),
        (json.dumps({"kind": "swatch"}), "seed: Field required"),
        ("{", "line 1: not JSON"),
    ],
)
def test_a_wrong_spec_is_one_message_and_exit_64(tmp_path: Path, text: str, part: str) -> None:
    spec = tmp_path / "spec.json"
    spec.write_text(text)
    done = greenroom("render", str(spec), "--out", str(tmp_path / "art"))
    assert done.returncode == 64
    assert part in done.stderr
    assert str(spec) in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "art").exists()


def test_no_broker_is_exit_69_after_the_time_out(tmp_path: Path) -> None:
    flags = ["--broker", "127.0.0.1:9", "--store", str(tmp_path), "--broker-timeout", "1", "--workers", "1"]
    done = greenroom("enrich", *flags)
    assert done.returncode == 69
    assert "no Kafka broker answers at 127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("flags", "part"),
    [
        (["--topics", "catalogue"], "Did you mean 'catalog'"),
        (["--store", "nosuch://bucket"], "cannot open the asset store"),
    ],
)
def test_a_wrong_flag_is_one_message_and_exit_64(tmp_path: Path, flags: list[str], part: str) -> None:
    done = greenroom("enrich", "--broker", "127.0.0.1:9", "--store", str(tmp_path), *flags)
    assert done.returncode == 64
    assert part in done.stderr
    assert "Traceback" not in done.stderr
