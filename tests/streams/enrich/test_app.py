import ssl

import pytest
from pydantic import ValidationError

from streams.enrich.app import application, credentials
from streams.enrich.settings import EnricherSettings
from streams.settings import ClusterSettings

PLAIN = ClusterSettings(bootstrap="a.example:9092,b.example:9093")


def test_a_plain_connection_needs_no_log_in() -> None:
    assert credentials(PLAIN) is None


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
@pytest.mark.parametrize("protocol", ["SASL_PLAINTEXT", "SASL_SSL"])
def test_a_log_in_by_name_and_password(protocol: str, mechanism: str) -> None:
    given = credentials(
        ClusterSettings.model_validate(
            {
                "bootstrap": "a.example:9092",
                "security_protocol": protocol,
                "sasl_mechanism": mechanism,
                "sasl_username": "ada",
                "sasl_password": "lace",
            }
        )
    )
    assert (given.username, given.password, given.mechanism.value) == ("ada", "lace", mechanism)
    assert given.protocol.value == protocol
    assert isinstance(given.ssl_context, ssl.SSLContext) == (protocol == "SASL_SSL")


def test_an_encrypted_connection_checks_the_servers_name() -> None:
    given = credentials(ClusterSettings(bootstrap="a.example:9092", security_protocol="SSL"))
    assert given.protocol.value == "SSL"
    assert given.context.check_hostname


def test_the_app_asks_for_every_acknowledgement_and_creates_no_topics(tmp_path) -> None:
    conf = application(PLAIN, group="trial-enrich", directory=str(tmp_path)).conf
    assert [str(url) for url in conf.broker] == ["aiokafka://a.example:9092", "aiokafka://b.example:9093"]
    assert (conf.id, conf.producer_acks) == ("trial-enrich", -1)
    assert not conf.topic_allow_declare
    assert not conf.stream_wait_empty
    assert not conf.web_enabled


def test_a_topic_without_an_enriched_twin_is_refused_with_the_near_miss() -> None:
    with pytest.raises(ValidationError, match="Did you mean 'catalog'"):
        EnricherSettings(cluster=PLAIN, store="s", topics=("catalogue",))
