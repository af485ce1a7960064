from io import BytesIO

import numpy as np
import orjson
import pytest
from PIL import Image

from media_gen.spec import MediaSpec
from media_gen.studio import render
from streams.enrich.enrichment import Origin, asset_record
from streams.watch.page.gallery import Gallery
from streams.watch.page.maps import drawn

SPECS = {
    "visual": MediaSpec(kind="key_art", params={"title": "Low Tide", "width": 64, "height": 64}, seed=7),
    "voice": MediaSpec(kind="utterance", params={"text": "Low tide", "language": "en"}, seed=7),
    "music": MediaSpec(kind="song", params={"title": "Low Tide", "seconds": 8}, seed=7),
}


def record(medium: str, name: str = "c0ffee00") -> bytes:
    spec = SPECS[medium]
    rendition = render(spec)
    files = [
        {"role": file.role, "name": file.name, "media_type": file.media_type} for file in rendition.files
    ]
    return orjson.dumps(
        asset_record(
            spec, Origin("7f3ac00012-000000000001", 5), asset_id=name, medium=medium, generator_version="1",
            files=files, annotations=rendition.annotations, annotations_uri="file:///x",
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("medium", "parts", "role"),
    [("visual", "objects", "image"), ("voice", "words", "audio"), ("music", "chords", "audio")],
)
def test_what_is_true_of_an_asset_is_told(medium: str, parts: str, role: str) -> None:
    gallery = Gallery()
    gallery.take(record(medium))
    (asset,) = gallery.as_json()["assets"]
    assert asset["truth"]["title"].lower() == "low tide"
    assert asset["truth"][parts]
    assert role in asset["files"]
    if medium != "visual":
        for part in asset["truth"][parts]:
            assert 0 <= part["start"] < part["end"] <= asset["truth"]["duration"] + 1e-6


def test_the_newest_come_first_and_the_rest_is_let_go() -> None:
    gallery, one = Gallery(), record("voice")
    for number in range(30):
        gallery.take(one.replace(b"c0ffee00", f"{number:08x}".encode()))
    shown = [asset["id"] for asset in gallery.as_json()["assets"]]
    assert shown == [f"{number:08x}" for number in range(29, 21, -1)]


def test_an_asset_without_its_truth_inline_and_what_is_no_asset() -> None:
    gallery = Gallery()
    for value in (b"?", b"[]", b"{}", b'{"asset_id":"a","medium":"visual","generator":"g","files":[{}]}'):
        gallery.take(value)
    assert gallery.as_json()["assets"] == []
    large = orjson.loads(record("music")) | {"annotations": None}
    gallery.take(orjson.dumps(large))
    assert [asset["complete"] for asset in gallery.as_json()["assets"]] == [False]


def test_maps_are_drawn_so_that_near_is_light_and_objects_differ() -> None:
    rendition = render(SPECS["visual"])
    raw = np.asarray(Image.open(BytesIO(rendition.file("depth").data)))
    shown = np.asarray(Image.open(BytesIO(drawn("depth", rendition.file("depth").data)))).astype(float)
    near, far = raw < np.percentile(raw[raw > 0], 20), raw > np.percentile(raw, 80)
    assert shown[near & (raw > 0)].sum(axis=-1).mean() > shown[far].sum(axis=-1).mean() + 100
    ids = np.asarray(Image.open(BytesIO(rendition.file("instance").data)))
    colours = np.asarray(Image.open(BytesIO(drawn("instance", rendition.file("instance").data))))
    assert (colours[..., 3] == 255 * (ids > 0)).all()
    assert len({tuple(colour) for colour in colours[ids > 0][:, :3].tolist()}) == len(np.unique(ids[ids > 0]))
