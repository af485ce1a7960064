"""The compose file: valid, pinned, on loopback only, and with commands that the program takes."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from streams.cli import application
from tests.deploy.composition import Services, bind_mounts, composed, ours
from tests.deploy.layout import COMPOSE, DEPLOY
from tests.deploy.tools import installed, judged

PINNED = re.compile(r"[\w./-]+:v?\d+\.\d+(\.\d+)?")


def test_compose_accepts_it() -> None:
    judged(installed("docker-compose"), "-f", COMPOSE, "--profile", "*", "config", "-q")


def test_it_has_what_a_run_needs(services: Services) -> None:
    assert services.keys() >= {"kafka", "simulator", "enricher", "monitor", "prometheus", "grafana"}


def test_every_mounted_file_is_there(services: Services) -> None:
    mounts = bind_mounts(services)
    assert len(mounts) >= 5
    absent = [(name, source) for name, source in mounts if not Path(source).is_file()]
    assert not absent


def test_ports_are_published_on_loopback_only(services: Services) -> None:
    published = [
        (name, port["host_ip"]) for name, service in services.items() for port in service.get("ports", ())
    ]
    assert published == [(name, "127.0.0.1") for name, _ in published]
    assert {name for name, _ in published} >= {"kafka", "monitor", "prometheus", "grafana"}


def test_no_service_leaves_its_network(services: Services) -> None:
    assert not [
        name for name, service in services.items() if service.get("network_mode") or service.get("privileged")
    ]


def test_images_of_others_are_pinned(services: Services) -> None:
    others = {name: service["image"] for name, service in services.items() if name not in ours(services)}
    assert len(others) == 3
    assert not {name: image for name, image in others.items() if not PINNED.fullmatch(image)}


def test_kafka_is_the_version_that_tests_run_against(services: Services) -> None:
    (version,) = re.findall(
        r"<kafka.version>(.+)</kafka.version>", (DEPLOY / "kafka" / "pom.xml").read_text()
    )
    assert services["kafka"]["image"] == f"apache/kafka:{version}"


def test_kafka_advertises_to_each_side_what_that_side_can_reach() -> None:
    kafka = composed(KAFKA_PORT="19999")["services"]["kafka"]
    (port,) = kafka["ports"]
    listeners = kafka["environment"]["KAFKA_ADVERTISED_LISTENERS"].split(",")
    assert listeners == ["INTERNAL://kafka:19092", f"HOST://127.0.0.1:{port['published']}"]
    assert f"HOST://:{port['target']}" in kafka["environment"]["KAFKA_LISTENERS"]
    names = {entry.split("://")[0] for entry in kafka["environment"]["KAFKA_LISTENERS"].split(",")}
    mapped = {
        entry.split(":")[0]
        for entry in kafka["environment"]["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(",")
    }
    assert names == mapped == {"INTERNAL", "HOST", "CONTROLLER"}


def test_dependencies_are_waited_for_until_they_are_well(services: Services) -> None:
    for name, service in services.items():
        for other, condition in service.get("depends_on", {}).items():
            assert condition["condition"] == "service_healthy", (name, other)
            assert not services[other].get("healthcheck", {}).get("disable"), (name, other)


def test_what_fails_is_started_again_and_a_simulator_goes_on_where_it_was(services: Services) -> None:
    simulator = services["simulator"]
    assert simulator["restart"].startswith("on-failure:")
    assert "--resume" in simulator["command"]
    assert "--checkpoints=/checkpoints" in simulator["command"]
    assert "/checkpoints" in [volume["target"] for volume in simulator["volumes"]]
    assert {services[name]["restart"] for name in ("kafka", "enricher", "monitor")} == {"unless-stopped"}


def test_ours_run_restricted_and_have_time_to_drain(services: Services) -> None:
    for service in ours(services).values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["stop_grace_period"] in ("1m0s", "60s")
        assert "user" not in service


def _parsed(command: list[str]) -> dict[str, Any]:
    """The values that the program reads off a command line; it fails as it would for a user."""
    program = typer.main.get_command(application())
    assert isinstance(program, TyperGroup)
    verb = program.commands[command[0]]
    return verb.make_context(command[0], command[1:]).params


def test_the_program_takes_every_command(services: Services) -> None:
    for service in ours(services).values():
        values = _parsed(service["command"])
        assert values["broker"] == "kafka:19092"
        assert values["run"] == "greenroom"


def test_a_flag_that_the_program_does_not_have_is_noticed(services: Services) -> None:
    with pytest.raises(Exception, match="No such option: --sped"):
        _parsed([*services["simulator"]["command"], "--sped=1x"])


def test_variables_reach_every_service_that_they_concern() -> None:
    changed = composed(
        GREENROOM_RUN="soak", GREENROOM_SCENARIO="short_video", GREENROOM_SPEED="1x", GREENROOM_WORKERS="3"
    )
    parsed = {name: _parsed(service["command"]) for name, service in ours(changed["services"]).items()}
    assert {values["run"] for values in parsed.values()} == {"soak"}
    assert {values["scenario"] for values in parsed.values() if "scenario" in values} == {"short_video"}
    assert parsed["simulator"]["speed"] == "1x"
    assert parsed["enricher"]["workers"] == 3


def test_the_readme_names_every_variable() -> None:
    variables = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text()))
    readme = (DEPLOY / "README.md").read_text()
    assert not {name for name in variables if f"`{name}`" not in readme}
