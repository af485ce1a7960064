"""Run lengths and boxes."""

import numpy as np
import pytest

from media_gen.visual.masks import box_of, decode_rle, encode_rle
from sim.seeds import rng_for


@pytest.mark.parametrize("density", [0.0, 0.02, 0.5, 0.97, 1.0])
@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (33, 1), (47, 31)])
def test_masks_survive_the_round_trip(shape: tuple[int, int], density: float) -> None:
    mask = rng_for(1, "mask", shape, density).random(shape) < density
    rle = encode_rle(mask)
    assert rle["size"] == list(shape)
    assert (decode_rle(rle) == mask).all()


def test_long_runs_survive_the_round_trip() -> None:
    mask = np.zeros((1024, 1024), bool)
    mask[3:900, 5:1000] = True
    assert (decode_rle(encode_rle(mask)) == mask).all()


def test_counts_are_those_of_pycocotools() -> None:
    """The string was written by pycocotools 2.0 for this mask."""
    y, x = np.mgrid[:24, :40]
    mask = ((x - 20) ** 2 / 150 + (y - 11) ** 2 / 60 < 1) & ((x - 16) ** 2 + (y - 9) ** 2 > 9)
    counts = "Z63c04M2N2O0OIE4:JJ45MK44KN42ML44LL44NH48600000000001N101N101N2N3LP5"
    assert encode_rle(mask) == {"size": [24, 40], "counts": counts}


def test_boxes_hold_whole_pixels() -> None:
    mask = np.zeros((10, 20), bool)
    mask[3, 7] = mask[5, 4] = True
    assert box_of(np.flatnonzero(mask), 20) == [4, 3, 4, 3]
    assert box_of(np.flatnonzero(~mask), 20) == [0, 0, 20, 10]
    assert box_of(np.flatnonzero(np.zeros(4)), 2) is None
