import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from media_gen.rendition import MediaFile, Rendition
from streams.exits import UsageError
from streams.store import AssetStore, StoreUnavailableError

NAME = "c0ffee" + "0" * 58
PICTURE = MediaFile("image", "art.png", "image/png", b"picture")
DEPTH = MediaFile("depth", "depth.npz", "application/x-npz", b"far away")
RENDITION = Rendition((PICTURE, DEPTH), {"boxes": [[1, 2, 3, 4]]})

WRITER = """
import sys
from media_gen.rendition import MediaFile, Rendition
from streams.store import AssetStore
store, big = AssetStore(sys.argv[1]), bytes(range(256)) * 40_000
print("writing", flush=True)
for number in range(10**6):
    name = f"{number:064x}"
    file = MediaFile("image", "art.bin", "application/octet-stream", big)
    store.put(name, Rendition((file,), {"n": number}))
    store.seal(name, {"asset_id": name})
"""


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> AssetStore:
    return AssetStore(tmp_path / "store" if request.param == "folder" else f"memory://{tmp_path}")


def test_an_asset_lies_under_its_name_with_its_digests(store: AssetStore) -> None:
    picture, depth = store.put(NAME, RENDITION)
    assert picture.uri.endswith(f"/c0/ff/{NAME}/art.png")
    assert (picture.role, picture.media_type, picture.bytes) == ("image", "image/png", 7)
    assert (picture.sha256, depth.sha256) == (PICTURE.sha256, DEPTH.sha256)
    assert store.read(NAME, "depth.npz") == b"far away"
    assert store.read(NAME, "annotations.json") == b'{"boxes":[[1,2,3,4]]}'


def test_an_asset_is_there_once_it_is_sealed(store: AssetStore) -> None:
    store.put(NAME, RENDITION)
    assert not store.has(NAME)
    assert store.get(NAME) is None
    store.seal(NAME, {"asset_id": NAME})
    assert store.has(NAME)
    assert store.get(NAME) == {"asset_id": NAME}


def test_writing_an_asset_twice_is_harmless(store: AssetStore) -> None:
    first = store.put(NAME, RENDITION)
    store.seal(NAME, {"asset_id": NAME})
    assert store.put(NAME, RENDITION) == first
    assert store.get(NAME) == {"asset_id": NAME}


@pytest.mark.parametrize(
    "name", ["../art.png", "a/b", "", ".hidden", "a\\b", "manifest.json", "annotations.json"]
)
def test_a_file_name_cannot_leave_the_asset_or_replace_the_stores_own(store: AssetStore, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        store.put(NAME, Rendition((MediaFile("image", name, "image/png", b""),), {}))


@pytest.mark.parametrize("url", ["nosuch://bucket/path", "s3-but-wrong://x"])
def test_an_unknown_scheme_is_a_usage_error(url: str) -> None:
    with pytest.raises(UsageError, match="cannot open the asset store"):
        AssetStore(url)


def test_a_store_that_cannot_be_written_says_which_and_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnavailableError, match="file/store: cannot write asset") as caught:
        AssetStore(tmp_path / "file" / "store").put(NAME, RENDITION)
    assert caught.value.exit_code == 74


def test_the_sweep_removes_what_is_old_and_leaves_what_is_being_written(tmp_path: Path) -> None:
    store = AssetStore(tmp_path)
    assert store.sweep() == 0
    store.put(NAME, RENDITION)
    for name, age in (("old", 7200.0), ("new", 0.0)):
        (tmp_path / ".partial" / name).write_bytes(b"half")
        os.utime(tmp_path / ".partial" / name, times=(time.time() - age,) * 2)
    assert store.sweep() == 1
    assert [path.name for path in (tmp_path / ".partial").iterdir()] == ["new"]
    assert store.read(NAME, "art.png") == b"picture"


def test_no_half_written_file_is_visible_after_kill_9(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"writing\n"
        while len(list(tmp_path.glob("??/??/*/manifest.json"))) < 3:
            assert writer.poll() is None
        writer.kill()
    files = [path for path in tmp_path.glob("??/??/*/*") if path.is_file()]
    assert files
    for path in files:
        if path.name == "art.bin":
            assert path.stat().st_size == 256 * 40_000
        else:
            assert path.read_bytes().rstrip().endswith(b"}")
    for manifest in tmp_path.glob("??/??/*/manifest.json"):
        assert {path.name for path in manifest.parent.iterdir()} == {
            "art.bin",
            "annotations.json",
            "manifest.json",
        }
    AssetStore(tmp_path).sweep(older_than_s=0)
    assert list((tmp_path / ".partial").iterdir()) == []


def test_nothing_outside_the_store_is_read(tmp_path: Path) -> None:
    store, secret = AssetStore(tmp_path / "store"), tmp_path / "secret"
    secret.write_bytes(b"secret")
    store.put(NAME, RENDITION)
    folder = tmp_path / "store" / NAME[:2] / NAME[2:4] / NAME
    (folder / "link").symlink_to(secret)
    with pytest.raises(FileNotFoundError):
        store.read(NAME, "link")
    for name in ("../../../../secret", str(secret), "", ".", "..", "a\\b"):
        with pytest.raises(ValueError, match="plain file name"):
            store.read(NAME, name)
