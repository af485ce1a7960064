"""Names of any sort into the asset store: what it writes and reads lies below its root, whatever it is asked for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from media_gen.rendition import MediaFile, Rendition
from streams.store import AssetStore, StoreUnavailableError

ALPHABET = st.sampled_from([*"ab0./\\~%: \x00\n", "..", "../", "é", "\ud800", "s3://", "file:", "C:"])
NAMES = st.one_of(
    st.lists(ALPHABET, max_size=12).map("".join),
    st.text(max_size=20),
    st.sampled_from(
        [
            "",
            ".",
            "..",
            "../../secret",
            "/etc/passwd",
            "..\\secret",
            "%2e%2e%2fsecret",
            "file:///etc/passwd",
            "a" * 300,
        ]
    ),
)
SECRET = b"not for readers"
GOOD = "c0ffee" + "0" * 58


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder: Path = tmp_path_factory.mktemp("place")
    (folder / "secret").write_bytes(SECRET)
    store = AssetStore(folder / "store")
    store.put(GOOD, Rendition((MediaFile("image", "art.png", "image/png", b"art"),), {}))
    asset = folder / "store" / GOOD[:2] / GOOD[2:4] / GOOD
    (asset / "link.png").symlink_to(folder / "secret")
    (folder / "store" / "ev").mkdir()
    (folder / "store" / "ev" / "il").symlink_to(folder)
    return folder


def below(folder: Path) -> dict[str, int]:
    """Every file of a folder beside the store, with its size."""
    return {
        os.fspath(path): path.lstat().st_size
        for path in folder.rglob("*")
        if path.is_file() and "store" not in path.relative_to(folder).parts
    }


@given(NAMES, NAMES)
@example(GOOD, "../../../../secret")
@example(GOOD, "link.png")
@example("evil", "secret")
@example(GOOD, "art.png\x00")
def test_nothing_is_read_from_elsewhere(place: Path, asset_id: str, name: str) -> None:
    store = AssetStore(place / "store")
    try:
        found = store.read(asset_id, name)
    except (ValueError, OSError, StoreUnavailableError):
        return
    assert found != SECRET
    assert (asset_id, name) == (GOOD, "art.png") or found in (b"art", b"{}", b"written")


@given(NAMES, NAMES)
@example("evil", "secret")
@example("evilsecret", "x")
@example(GOOD, "../x")
def test_nothing_is_written_elsewhere(place: Path, asset_id: str, name: str) -> None:
    store, before = AssetStore(place / "store"), below(place)
    try:
        store.put(asset_id, Rendition((MediaFile("image", name, "image/png", b"written"),), {}))
        store.seal(asset_id, {})
    except (ValueError, StoreUnavailableError):
        pass
    assert below(place) == before
    assert (place / "secret").read_bytes() == SECRET


@given(NAMES)
@example("evil")
@example("evilsecret")
def test_asking_for_an_asset_or_removing_it_leaves_the_rest_alone(place: Path, asset_id: str) -> None:
    store, before = AssetStore(place / "store"), below(place)
    for ask in (store.has, store.get, store.remove):
        try:
            ask(asset_id)
        except (ValueError, StoreUnavailableError):
            continue
    assert below(place) == before
