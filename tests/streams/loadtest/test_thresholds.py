"""Gates over figures, service levels and mapping files: what they mean, and how wrong ones are told."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from sim.names import UnknownNameError
from streams.exits import UsageError
from streams.loadtest.mapping import Finder, Template, load_mapping
from streams.loadtest.slo import ServiceLevel
from streams.loadtest.target import HttpTarget, KafkaTarget, parse_target
from streams.loadtest.thresholds import Threshold, flattened

FIGURES = flattened(
    {"latency_ms": {"p99": 150.0, "p99.9": None}, "recall": {"hate": 0.79}, "errors": {"http_500": 3}}
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("recall.hate<0.8", "recall.hate<0.8: recall.hate is 0.79"),
        ("recall.hate < 79%", None),
        ("latency_ms.p99>0.1s", "latency_ms.p99>0.1s: latency_ms.p99 is 150"),
        ("latency_ms.p99>=200ms", None),
        ("errors.http_500!=0", "errors.http_500!=0: errors.http_500 is 3"),
        ("latency_ms.p99.9>1s", "latency_ms.p99.9>1s: latency_ms.p99.9 was not measured"),
        ("errors.timeout>0", "errors.timeout>0: errors.timeout was not measured"),
    ],
)
def test_a_threshold_names_what_broke_it(text: str, told: str | None) -> None:
    assert Threshold.parse(text).failure(FIGURES) == told


@pytest.mark.parametrize("text", ["recall.hate", "recall.hate<", "<0.8", "recall.hate<0.8 or so", "a=1", ""])
def test_what_is_no_threshold_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="must be a name, one of <= >= != == < >, and a number"):
        Threshold.parse(text)


def test_an_unknown_figure_is_told_with_its_near_miss() -> None:
    patterns = ["latency_ms.p99", "recall.*"]
    assert Threshold.parse("recall.scam<1").known(patterns)
    with pytest.raises(UsageError, match=r"nothing is called 'latency\.p99'.*Did you mean 'latency_ms.p99'"):
        Threshold.parse("latency.p99>1").known(patterns)


def test_a_service_level_holds_when_all_of_it_does() -> None:
    level = ServiceLevel.parse("p99<200ms,errors<1%")
    assert level.holds({"p99": 150.0, "errors": 0.001})
    assert not level.holds({"p99": 150.0, "errors": 0.02})
    assert not level.holds({"p99": None, "errors": 0.0})
    with pytest.raises(UsageError, match="Did you mean 'p99'"):
        ServiceLevel.parse("p98<200ms")


@pytest.mark.parametrize(
    ("text", "broker", "told"),
    [
        ("localhost:80", None, "is no address"),
        ("ftp://host/x", None, "is no address"),
        ("http://host:99999/", None, "[Pp]ort"),
        ("http://host/", "b:9092", "no meaning for the HTTP target"),
        ("kafka:one", "b:9092", "two different topics"),
        ("kafka:one,one", "b:9092", "two different topics"),
        ("kafka:one,two", None, "give --broker host:port"),
        ("kafka:one,two", "nowhere", "must be host:port"),
    ],
)
def test_a_wrong_target_is_told(text: str, broker: str | None, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        parse_target(text, broker=broker)


def test_targets_are_told_apart() -> None:
    assert isinstance(parse_target("https://host/path"), HttpTarget)
    kafka = parse_target("kafka:asked,answered", broker="b:9092")
    assert isinstance(kafka, KafkaTarget)
    assert str(kafka) == "kafka:asked,answered"


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")
    request: Any
    items: str


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("request: {", "not YAML"),
        ("request: {}\nitems: [1]", "items = "),
        ("request: {}\nitems: a\nextra: 1", "extra = 1"),
        ("[]", "the file"),
    ],
)
def test_a_wrong_mapping_file_is_told(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text(text)
    with pytest.raises(UsageError, match=told):
        load_mapping(file, Shape)


def test_a_mapping_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        load_mapping(tmp_path / "none.yaml", Shape)


def test_templates_and_finders_refuse_what_they_cannot_do() -> None:
    with pytest.raises(UnknownNameError, match=r"Did you mean '\$user_id'"):
        Template({"a": [{"b": "$userid"}]}, known=["user_id"])
    with pytest.raises(UsageError, match="no JMESPath expression"):
        Finder("a[")
    assert Finder("a.b")({"a": 3}) is None
    assert Finder("length(a)")({"a": 3}) is None
