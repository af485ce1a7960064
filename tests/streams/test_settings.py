"""Settings of the connection to a cluster: what is wrong is told as a flag or a variable."""

import pytest

from streams.exits import UsageError
from streams.settings import ClusterSettings


@pytest.mark.parametrize("address", ["foo", "foo:", "foo:bar", "a:1,b", ""])
def test_an_address_without_port_names_the_flag(address):
    with pytest.raises(UsageError, match=r"--broker .* must be host:port"):
        ClusterSettings.from_environment(address, {})


def test_a_wrong_variable_is_named_with_the_near_miss():
    with pytest.raises(
        UsageError, match=r"GREENROOM_KAFKA_SASL_USER'.*Did you mean 'GREENROOM_KAFKA_SASL_USERNAME'"
    ):
        ClusterSettings.from_environment("h:1", {"GREENROOM_KAFKA_SASL_USER": "me"})


def test_a_wrong_value_is_named_with_its_rule():
    with pytest.raises(UsageError, match="GREENROOM_KAFKA_SECURITY_PROTOCOL='TLS'"):
        ClusterSettings.from_environment("h:1", {"GREENROOM_KAFKA_SECURITY_PROTOCOL": "TLS"})


def test_variables_reach_every_client():
    environ = {
        "GREENROOM_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "GREENROOM_KAFKA_SASL_MECHANISM": "PLAIN",
        "GREENROOM_KAFKA_SASL_USERNAME": "me",
        "GREENROOM_KAFKA_SASL_PASSWORD": "secret",
        "GREENROOM_KAFKA_CA_FILE": "/ca.pem",
    }
    settings = ClusterSettings.from_environment("a:1,b:2", environ)
    assert settings.librdkafka()["sasl.username"] == settings.kafka_python()["sasl_plain_username"] == "me"
    assert settings.librdkafka()["ssl.ca.location"] == settings.kafka_python()["ssl_cafile"] == "/ca.pem"
    assert "secret" not in repr(settings)
