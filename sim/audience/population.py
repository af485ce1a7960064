"""The population: one column for each attribute of a viewer, a block of viewers at a time."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator

from sim.seeds import rng_for
from sim.shares import coded, shares

__all__ = ["AGE_BANDS", "CONSENTS", "Population", "Region"]

AGE_BANDS: Mapping[str, float] = {
    "18-24": 0.17,
    "25-34": 0.25,
    "35-44": 0.21,
    "45-54": 0.16,
    "55-64": 0.12,
    "65+": 0.09,
}
CONSENTS: Mapping[str, float] = {"all": 0.62, "personalisation": 0.21, "necessary": 0.17}


class Region(BaseModel):
    """A part of the world with its own clock and languages."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    share: float = Field(gt=0)
    """Relative number of viewers."""
    utc_offset: float = Field(ge=-12, le=14)
    """Hours by which local time is ahead of UTC."""
    languages: dict[str, float] = Field(min_length=1)
    """Relative number of viewers by language."""

    @field_validator("languages")
    @classmethod
    def _positive(cls, languages: dict[str, float]) -> dict[str, float]:
        shares(languages)
        return languages


class Population:
    """Columns of the viewers of some blocks: who they are does not depend on which blocks are here.

    ``viewer`` is the number of each viewer in the whole audience; ``taste`` has one row a viewer, unit variance in
    each dimension; ``activity`` multiplies how often a viewer comes, with mean 1.
    """

    def __init__(
        self,
        seed: int,
        blocks: NDArray[np.int64],
        *,
        viewers: int,
        block_size: int,
        regions: Mapping[str, Region],
        devices: Mapping[str, float],
        languages: tuple[str, ...],
        activity_spread: float,
        dimensions: int,
    ) -> None:
        sizes = np.minimum(block_size, viewers - blocks * block_size)
        edges = np.concatenate([[0], np.cumsum(sizes)])
        count = int(edges[-1])
        self.viewer = np.empty(count, dtype=np.int64)
        self.taste = np.empty((count, dimensions), dtype=np.float32)
        self.activity = np.empty(count, dtype=np.float32)
        self.region, self.device, self.language, self.age_band, self.consent = np.empty(
            (5, count), dtype=np.uint8
        )
        region_shares = shares({name: region.share for name, region in regions.items()})
        spoken = [_spread(region.languages, languages) for region in regions.values()]
        for block, start, end in zip(blocks, edges[:-1], edges[1:], strict=True):
            rng = rng_for(seed, "population", int(block))
            rows, n = slice(start, end), int(end - start)
            self.viewer[rows] = block * block_size + np.arange(n)
            rng.standard_normal(out=self.taste[rows], dtype=np.float32)
            # exp of a normal with this mean has mean 1.
            self.activity[rows] = np.exp(rng.normal(-(activity_spread**2) / 2, activity_spread, n))
            self.region[rows] = coded(region_shares, rng.random(n))
            self.device[rows] = coded(shares(devices), rng.random(n))
            self.age_band[rows] = coded(shares(AGE_BANDS), rng.random(n))
            self.consent[rows] = coded(shares(CONSENTS), rng.random(n))
            uniform = rng.random(n)
            for code, weights in enumerate(spoken):
                here = self.region[rows] == code
                self.language[rows][here] = coded(weights, uniform[here])

    def __len__(self) -> int:
        return len(self.viewer)


def _spread(languages: Mapping[str, float], known: tuple[str, ...]) -> NDArray[np.float64]:
    return shares({name: languages.get(name, 0.0) for name in known})
