from pathlib import Path

import pytest

from media_gen.spec import MediaSpec
from streams.enrich.enrichment import Origin
from streams.enrich.failures import Failure
from streams.enrich.rendering import Developed, develop
from streams.store import AssetStore
from tests.streams.enrich.enricher import swatch

pytestmark = pytest.mark.usefixtures("swatch")
ORIGIN = Origin("7f3ak00001-000000000000", 1_700_000_000_000)


def developed(folder: Path, spec: dict[str, object]) -> Developed | Failure:
    return develop(str(folder), MediaSpec.model_validate(spec), ORIGIN)


def test_an_asset_is_rendered_once_and_found_afterwards(tmp_path: Path) -> None:
    first, second = developed(tmp_path, swatch(7, size=4)), developed(tmp_path, swatch(7, size=4))
    assert isinstance(first, Developed)
    assert isinstance(second, Developed)
    assert (first.fresh, second.fresh) == (True, False)
    assert first.record == second.record
    assert AssetStore(tmp_path).get(first.record["asset_id"]) == first.record


def test_the_files_in_the_record_are_the_files_in_the_store(tmp_path: Path) -> None:
    outcome = developed(tmp_path, swatch(7, size=4))
    assert isinstance(outcome, Developed)
    for file in outcome.record["files"]:
        content = Path(file["uri"].removeprefix("file://")).read_bytes()
        assert len(content) == file["bytes"]
    assert outcome.record["medium"] == "visual"
    assert outcome.record["annotations"]["mean"] > 0


@pytest.mark.parametrize(
    ("spec", "reason", "part"),
    [
        ({"kind": "swach", "seed": 1}, "unknown_generator", "Did you mean 'swatch'?"),
        (swatch(1, sise=3), "bad_params", "Did you mean 'size'?"),
        (swatch(1, size="big"), "bad_params", "parameter 'size' of generator 'swatch' is 'big'"),
        (swatch(1, ending="raise"), "render_failed", "the paint ran out"),
    ],
)
def test_a_failure_says_what_and_what_was_probably_meant(
    tmp_path: Path, spec: dict[str, object], reason: str, part: str
) -> None:
    outcome = developed(tmp_path, spec)
    assert isinstance(outcome, Failure)
    assert outcome.reason == reason
    assert part in outcome.message
