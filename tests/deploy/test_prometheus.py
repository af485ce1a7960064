"""Prometheus: its configuration and rules, judged by promtool, and its targets among the services."""

from pathlib import Path

from tests.deploy.composition import Services
from tests.deploy.layout import PROMETHEUS, RULES, alert_rules, yaml_of
from tests.deploy.queries import queries
from tests.deploy.tools import judged, on_path

TESTS = RULES.with_name("greenroom.rules.test.yml")


def test_promtool_accepts_the_configuration() -> None:
    judged(on_path("promtool"), "check", "config", "--syntax-only", PROMETHEUS)


def test_promtool_accepts_the_rules() -> None:
    judged(on_path("promtool"), "check", "rules", "--lint=all", "--lint-fatal", RULES)


def test_alerts_fire_when_they_should_and_not_before() -> None:
    judged(on_path("promtool"), "test", "rules", TESTS)


def test_every_alert_is_tested_to_fire() -> None:
    tested = {
        case["alertname"]
        for test in yaml_of(TESTS)["tests"]
        for case in test["alert_rule_test"]
        if case.get("exp_alerts")
    }
    assert tested == {rule["alert"] for rule in alert_rules()}


def test_promtool_accepts_every_query(tmp_path: Path) -> None:
    """As recording rules, because promtool judges those without a server."""
    rules = [
        f"      - record: query:{number}\n        expr: {query.text!r}"
        for number, query in enumerate(queries())
    ]
    file = tmp_path / "queries.rules.yml"
    file.write_text("groups:\n  - name: queries\n    rules:\n" + "\n".join(rules).replace("\\n", " ") + "\n")
    judged(on_path("promtool"), "check", "rules", file)


def test_targets_are_services_that_serve_there(services: Services) -> None:
    found = {}
    for job in yaml_of(PROMETHEUS)["scrape_configs"]:
        for target in [target for static in job.get("static_configs", []) for target in static["targets"]]:
            found[job["job_name"]] = tuple(target.split(":"))
        for lookup in job.get("dns_sd_configs", []):
            found[job["job_name"]] = (lookup["names"][0], str(lookup["port"]))
    serving = {
        name: (name, part.removeprefix("--endpoint-port="))
        for name, service in services.items()
        for part in service.get("command") or ()
        if part.startswith("--endpoint-port=")
    }
    assert found == serving


def test_rules_are_mounted_where_the_configuration_looks(services: Services) -> None:
    (pattern,) = yaml_of(PROMETHEUS)["rule_files"]
    mounted = {volume["target"]: volume["source"] for volume in services["prometheus"]["volumes"]}
    read = [source for target, source in mounted.items() if Path(target).match(pattern)]
    assert read == [str(RULES)]
    assert mounted["/etc/prometheus/prometheus.yml"] == str(PROMETHEUS)
