"""The code: far apart, and read through errors."""

import numpy as np
import pytest

from media_gen.markers.code import CODES, LENGTH, decoded, signs
from sim.seeds import rng_for


def test_any_two_words_differ_in_eight_signs() -> None:
    rng = rng_for(1, "codes")
    for a, b in rng.integers(CODES, size=(2_000, 2)).tolist():
        assert a == b or (signs(a) != signs(b)).sum() >= 8


@pytest.mark.parametrize("errors", [0, 1, 2, 3])
def test_three_wrong_signs_do_no_harm(errors: int) -> None:
    rng = rng_for(2, "errors", errors)
    codes = rng.integers(CODES, size=200)
    read = np.stack([signs(int(code)) for code in codes])
    for row in read:
        row[rng.choice(LENGTH, errors, replace=False)] *= -1
    found, fits, margins = decoded(read)
    assert (margins > 0).all()
    assert (found == codes).all()
    assert fits == pytest.approx(1 - 2 * errors / LENGTH)


def test_what_is_sure_counts_more() -> None:
    read = signs(4711) * 0.9
    read[:6] *= -0.2
    assert decoded(read)[0].tolist() == [4711]


def test_nothing_read_fits_nothing() -> None:
    assert decoded(np.zeros((2, LENGTH)))[1].tolist() == [0, 0]


@pytest.mark.parametrize("code", [-1, CODES])
def test_a_code_has_sixteen_bits(code: int) -> None:
    with pytest.raises(ValueError, match=f"marker {code} is not a number from 0 to 65535; choose"):
        signs(code)
