"""The archive: a snapshot as bytes, and back, without a way to run anything.

A line that names the format, the length of the header, the header (JSON), frames of arrays, and a SHA-256 of it all.
Header and frames are compressed by zstd (RFC 8878); numbers are laid out byte by byte before that (the shuffle of
HDF5 and Blosc), which makes columns smaller and faster to compress. Python objects in columns are JSON.
"""

import hashlib
from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np
import orjson
from cramjam import DecompressionError, zstd
from numpy.typing import NDArray

from sim.checkpoint.errors import CheckpointError
from sim.checkpoint.taking import Snapshot

__all__ = ["packed", "unpacked"]

_MAGIC = b"greenroom checkpoint "
_FORMAT = _MAGIC + b"1\n"
_FRAME = 4 << 20
_LEVEL = 1
_DIGEST = hashlib.sha256().digest_size
_KINDS = "biufcSUmM"
_OBJECTS = "objects"
_DAMAGED = "the checkpoint is truncated or corrupted ({0}); take an earlier one"


def packed(about: dict[str, Any], snapshot: Snapshot) -> bytes:
    """A snapshot, and plain data about it, as bytes."""
    columns, frames = [], []
    described: list[Any] = []
    for frame, shapes in _frames(snapshot.arrays):
        described.append([len(frame), len(shapes)])
        columns += shapes
        frames.append(bytes(zstd.compress(frame, level=_LEVEL)))
        described[-1].append(len(frames[-1]))
    header = {
        "about": about,
        "roots": snapshot.roots,
        "objects": snapshot.objects,
        "arrays": columns,
        "frames": described,
    }
    written = bytes(zstd.compress(orjson.dumps(header), level=_LEVEL))
    body = b"".join([_FORMAT, len(written).to_bytes(8, "little"), written, *frames])
    return body + hashlib.sha256(body).digest()


def unpacked(archive: bytes) -> tuple[dict[str, Any], Snapshot]:
    """What is said about a snapshot, and the snapshot; CheckpointError if anything is wrong with the archive."""
    header, begin = _opened(archive)
    try:
        arrays = list(_read(memoryview(archive), begin, header["frames"], header["arrays"]))
        return header["about"], Snapshot(header["roots"], header["objects"], arrays)
    except (KeyError, TypeError, ValueError, MemoryError, StopIteration, DecompressionError) as wrong:
        raise CheckpointError(_DAMAGED.format(wrong)) from wrong


def _opened(archive: bytes) -> tuple[dict[str, Any], int]:
    if not archive.startswith(_MAGIC):
        raise CheckpointError(
            f"not a checkpoint: it begins with {archive[: len(_MAGIC)]!r} instead of {_MAGIC!r}"
        )
    if not archive.startswith(_FORMAT):
        found = archive[len(_MAGIC) : len(_MAGIC) + 8].split(b"\n")[0].decode("ascii", "replace")
        raise CheckpointError(
            f"the checkpoint has format {found!r}, and this version reads format 1: "
            "resume with the version that wrote it"
        )
    view = memoryview(archive)
    if hashlib.sha256(view[:-_DIGEST]).digest() != view[-_DIGEST:]:
        raise CheckpointError(_DAMAGED.format("its digest is another"))
    first = len(_FORMAT) + 8
    end = first + int.from_bytes(view[len(_FORMAT) : first], "little")
    try:
        header: dict[str, Any] = orjson.loads(bytes(zstd.decompress(view[first:end])))
    except (ValueError, DecompressionError) as wrong:
        raise CheckpointError(_DAMAGED.format(wrong)) from wrong
    return header, end


def _frames(arrays: list[NDArray[Any]]) -> Iterator[tuple[bytes, list[Any]]]:
    """Bytes of some arrays one after the other, a few MB at a time, and how to read each."""
    parts: list[bytes] = []
    shapes: list[Any] = []
    size = 0
    for array in arrays:
        part, shape = _written(array)
        parts.append(part)
        shapes.append(shape)
        size += len(part)
        if size >= _FRAME:
            yield b"".join(parts), shapes
            parts, shapes, size = [], [], 0
    if parts:
        yield b"".join(parts), shapes


def _written(array: NDArray[Any]) -> tuple[bytes, list[Any]]:
    if array.dtype == object:
        text = orjson.dumps(array.ravel().tolist(), option=orjson.OPT_SERIALIZE_NUMPY)
        return text, [_OBJECTS, list(array.shape), len(text)]
    # Sums in another order of memory could round another way.
    fortran = array.flags.f_contiguous and not array.flags.c_contiguous
    flat = np.ascontiguousarray(array.T if fortran else array).ravel()
    planes = flat.view(np.uint8).reshape(-1, array.itemsize).T if array.itemsize else flat
    return planes.tobytes(), [array.dtype.str, list(array.shape), "F" if fortran else "C"]


def _read(
    view: memoryview, begin: int, frames: list[list[int]], columns: list[list[Any]]
) -> Iterator[NDArray[Any]]:
    shapes = iter(columns)
    for size, count, length in frames:
        frame = np.empty(size, dtype=np.uint8)
        if zstd.decompress_into(view[begin : begin + length], frame.data) != size:
            raise ValueError("a frame is shorter than it says")
        begin += length
        place = 0
        for _ in range(count):
            array, place = _column(frame, place, *next(shapes))
            yield array


def _column(
    frame: NDArray[np.uint8], place: int, sort: str, shape: list[int], how: Any
) -> tuple[NDArray[Any], int]:
    if sort == _OBJECTS:
        end = place + how
        column = np.empty(prod(shape), dtype=object)
        column[:] = orjson.loads(frame[place:end].tobytes())
        return column.reshape(shape), end
    dtype = np.dtype(sort)
    if dtype.kind not in _KINDS or dtype.hasobject:
        raise ValueError(f"a column of {sort}")
    count = prod(shape)
    end = place + count * dtype.itemsize
    planes = frame[place:end].reshape(dtype.itemsize, count)
    values = np.ascontiguousarray(planes.T).view(dtype).ravel()
    return (values.reshape(shape[::-1]).T if how == "F" else values.reshape(shape)), end
