"""Calibration to logs that nobody here made, read in place from packages; nothing of them is kept but these figures.

MovieLens 100K stands in the wheel of recbole 1.2.1 (code MIT; GroupLens forbids to pass the data on), CDNOW in that of
lifetimes 0.11.3 (MIT), Open Bandit in that of obp 0.4.1 (code Apache-2.0, data CC BY 4.0).
"""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from bench.figure import Figure
from sim.calibration.log.log import Log
from streams.calibrate.logs import calibrated_to_log

_CACHE = Path(tempfile.gettempdir()) / "greenroom-bench-packages"
_SEED, _BUDGET = 1, 24


def _packaged(requirement: str, member: str) -> bytes:
    """A file out of a wheel, which is downloaded once."""
    name, _, version = requirement.partition("==")
    found = [
        wheel for wheel in _CACHE.glob("*.whl") if wheel.name.lower().startswith(f"{name}-{version}".lower())
    ]
    if not found:
        _CACHE.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(_CACHE), requirement]
        subprocess.run(command, check=True)
        return _packaged(requirement, member)
    with zipfile.ZipFile(found[0]) as wheel:
        return wheel.read(member)


def movielens() -> Log:
    """100,000 ratings by 943 viewers; MovieLens times are in seconds."""
    raw = pl.read_csv(
        _packaged("recbole==1.2.1", "recbole/dataset_example/ml-100k/ml-100k.inter"), separator="\t"
    )
    user, item, rating, time = (raw[:, k].to_numpy() for k in range(4))
    return Log.of(user, item, time.astype(np.int64) * 1000, {"rating": rating})


def cdnow() -> Log:
    """Days on which 23,570 customers of a shop bought something, 1997 and 1998; there are no items."""
    text = _packaged("lifetimes==0.11.3", "lifetimes/datasets/CDNOW_master.txt").decode()
    rows = [line.split()[:2] for line in text.splitlines()[1:] if line.strip()]
    frame = pl.DataFrame(rows, schema=["user", "day"], orient="row").unique(maintain_order=True)
    at = frame["day"].str.to_datetime("%Y%m%d").cast(pl.Datetime("ms")).cast(pl.Int64).to_numpy()
    return Log.of(frame["user"].to_numpy(), np.zeros(len(at), dtype=np.int64), at)


def open_bandit() -> Log:
    """10,000 impressions of 80 fashion items at random; four features of a user stand for the user."""
    raw = pl.read_csv(_packaged("obp==0.4.1", "obp/dataset/obd/random/all/all.csv"))
    features = [raw[f"user_feature_{k}"] for k in range(4)]
    user = pl.DataFrame(features).select(pl.concat_str(pl.all())).to_series().to_numpy()
    at = (
        raw["timestamp"]
        .str.slice(0, 19)
        .str.to_datetime("%Y-%m-%d %H:%M:%S")
        .cast(pl.Datetime("ms"))
        .cast(pl.Int64)
    )
    return Log.of(user, raw["item_id"].to_numpy(), at.to_numpy())


_LOGS: dict[str, Callable[[], Log]] = {
    "movielens_100k": movielens,
    "cdnow": cdnow,
    "open_bandit": open_bandit,
}


def figures() -> Iterator[Figure]:
    """For each log: two-sample AUC, utility and agreement of rankings, beside a real log in the made one's place."""
    for name, read in _LOGS.items():
        found = calibrated_to_log(read(), name=name, seed=_SEED, budget=_BUDGET).as_json()
        yield _beside(f"{name}_c2st_auc", found["c2st_auc"], found["c2st_auc_real"], "AUC", "<= 0.65")
        yield _beside(
            f"{name}_c2st_auc_users", found["c2st_auc_users"], found["c2st_auc_users_real"], "AUC", ""
        )
        yield Figure(
            f"{name}_tstr_over_trtr", found["tstr_over_trtr"] or float("nan"), "ratio", bound=">= 0.85"
        )
        if found["kendall_tau"] is not None:
            yield _beside(
                f"{name}_kendall_tau", found["kendall_tau"], found["kendall_tau_real"], "tau", ">= 0.6"
            )


def _beside(name: str, made: float, real: float, unit: str, bound: str) -> Figure:
    return Figure(name, made, unit, f"real {real:.3f}", made / real, bound)


if __name__ == "__main__":
    for figure in figures():
        print(
            f"{figure.name}: {figure.value:.3f} ({figure.ratio_to or 'no baseline'}; {figure.bound})",
            flush=True,
        )
