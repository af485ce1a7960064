"""Arrival curves: how much busier one hour of the day, day of the week and season of the year is than another."""

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sim.audience.operational_time import CalendarTime, OperationalTime, WeeklyTime, day_of
from sim.durations import DAY, HOUR, Duration

__all__ = ["DAILY", "ArrivalCurve", "CurveChange", "Holiday", "clock_of", "curves"]

DAILY = (30, 18, 12, 9, 9, 12, 22, 38, 48, 52, 54, 58, 66, 62, 58, 60, 66, 78, 94, 110, 122, 118, 92, 56)
"""How busy each hour of the day is, from midnight, in any unit."""
_WEEKLY = (0.95, 0.93, 0.94, 0.97, 1.04, 1.12, 1.05)
_YEAR = 365.2425 * DAY
# A calendar is written down for this long: before it and after it, every day is an average one.
_DAYS_BEFORE, _DAYS_AFTER = 400, 2200


def _positive(values: tuple[float, ...] | None) -> tuple[float, ...] | None:
    if values is not None and min(values) <= 0:
        raise ValueError(f"{min(values)} is not above 0: nobody would ever come back in that time")
    return values


Daily = Annotated[tuple[float, ...], Field(min_length=24, max_length=24), AfterValidator(_positive)]
Weekly = Annotated[tuple[float, ...], Field(min_length=7, max_length=7), AfterValidator(_positive)]
Monthly = Annotated[tuple[float, ...], Field(min_length=12, max_length=12), AfterValidator(_positive)]


class Holiday(BaseModel):
    """A window of local time that is busier or quieter than its hours otherwise are, every year.

    >>> Holiday(on="12-31", at="18h", lasts="9h", factor=0.4).lasts
    32400000
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    on: str = Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
    """Month and day on which it begins, as MM-DD."""
    at: Duration = Field(default=0, ge=0, lt=DAY)
    """When it begins, after midnight, by the full hour."""
    lasts: Duration = Field(default=DAY, ge=HOUR, le=60 * DAY)
    """How long it lasts, by the full hour."""
    factor: float = Field(gt=0, le=1000)
    """How much busier its hours are than they would be."""


class CurveChange(BaseModel):
    """What is different about one region or device; what is not given stays as it is for all."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    earlier: float = Field(default=0, ge=-12, le=12)
    """Hours by which the day's rhythm comes earlier."""
    daily: Daily | None = None
    """Intensity of each hour from midnight, in any unit."""
    weekly: Weekly | None = None
    """Intensity of each day from Monday, in any unit."""
    monthly: Monthly | None = None
    """Intensity at the middle of each month from January, in any unit."""
    holidays: dict[str, Holiday] | None = None
    """Named windows of the year."""


class ArrivalCurve(BaseModel):
    """Relative intensity of arrivals by local hour of the day, day of the week, season, and holidays.

    The mean over a week is 1, and so is the mean over the seasons of a year; holidays come on top.

    >>> ArrivalCurve(devices={"phone": {"earlier": 1}}).changed("europe", "phone").earlier
    1.0
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    daily: Daily = DAILY
    """Intensity of each hour from midnight, in any unit."""
    weekly: Weekly = _WEEKLY
    """Intensity of each day from Monday, in any unit."""
    monthly: Monthly = (1.0,) * 12
    """Intensity at the middle of each month from January, in any unit; between them it changes evenly."""
    holidays: dict[str, Holiday] = Field(default_factory=dict)
    """Named windows of the year."""
    regions: dict[str, CurveChange] = Field(default_factory=dict)
    """What is different in a region."""
    devices: dict[str, CurveChange] = Field(default_factory=dict)
    """What is different on a device; goes before what is different in a region."""

    def changed(self, region: str, device: str) -> CurveChange:
        """The curve of a region and device: all its parts given."""
        given: dict[str, Any] = {
            name: getattr(self, name) for name in ("daily", "weekly", "monthly", "holidays")
        }
        earlier = 0.0
        for change in (self.regions.get(region), self.devices.get(device)):
            if change is not None:
                earlier += change.earlier
                given |= {name: part for name in given if (part := getattr(change, name)) is not None}
        return CurveChange(earlier=max(-12.0, min(12.0, earlier)), **given)

    def operational_time(self, start: int = 0) -> OperationalTime:
        """The clock on which arrivals by this curve come at a constant rate, whatever region and device."""
        return clock_of(self.changed("", ""), start)


def clock_of(curve: CurveChange, start: int) -> OperationalTime:
    """The clock of a curve with all its parts; ``start`` is where a calendar is needed (local epoch ms)."""
    daily, weekly, monthly = curve.daily or DAILY, curve.weekly or _WEEKLY, curve.monthly or (1.0,) * 12
    if not curve.holidays and min(monthly) == max(monthly):
        return WeeklyTime(daily, weekly)
    origin = day_of(start) - _DAYS_BEFORE * DAY
    hours = origin + np.arange((_DAYS_BEFORE + _DAYS_AFTER) * 24, dtype=np.int64) * HOUR
    intensity = WeeklyTime(daily, weekly).intensity(hours) * _seasonal(hours, monthly)
    for holiday in (curve.holidays or {}).values():
        intensity[_within(hours, holiday)] *= holiday.factor
    return CalendarTime(origin, intensity)


def _seasonal(hours: NDArray[np.int64], monthly: tuple[float, ...]) -> NDArray[np.float64]:
    # Even change between the middles of the months: the mean over the year is that of the months.
    middles, levels = (np.arange(12) + 0.5) / 12, np.array(monthly) / np.mean(monthly)
    season: NDArray[np.float64] = np.interp(hours % _YEAR / _YEAR, middles, levels, period=1.0)
    return season


def _within(hours: NDArray[np.int64], holiday: Holiday) -> NDArray[np.bool_]:
    month, day = map(int, holiday.on.split("-"))
    found = np.zeros(len(hours), dtype=np.bool_)
    first, last = (
        int(hours[end].astype("datetime64[ms]").astype("datetime64[Y]").astype(int)) for end in (0, -1)
    )
    for year in range(first, last + 1):
        begin = np.datetime64(f"{1970 + year}-{month:02d}", "D") + np.timedelta64(day - 1, "D")
        at = int(begin.astype("datetime64[ms]").astype(np.int64)) + holiday.at // HOUR * HOUR
        found |= (hours >= at) & (hours < at + holiday.lasts // HOUR * HOUR)
    return found


def curves(
    curve: ArrivalCurve, regions: Mapping[str, object], devices: Mapping[str, object]
) -> tuple[NDArray[np.intp], list[tuple[int, CurveChange]]]:
    """The distinct curves of an audience, each with its region's code, and which one a (region, device) has."""
    distinct: list[tuple[int, CurveChange]] = []
    table = np.zeros((len(regions), len(devices)), dtype=np.intp)
    for code, region in enumerate(regions):
        for place, device in enumerate(devices):
            each = (code, curve.changed(region, device))
            if each not in distinct:
                distinct.append(each)
            table[code, place] = distinct.index(each)
    return table, distinct
