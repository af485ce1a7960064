"""The AsyncAPI document of a run (version 3.0): its topics as channels, its records as messages, in any format."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from sim.events import RecordKind
from sim.scenario import Scenario
from sim.schema_changes import evolved_kinds
from streams.codec.codec import FRAMED
from streams.codec.terms import Terms
from streams.schemas.avro import avro_schema
from streams.schemas.jsonschema import json_schema
from streams.schemas.naming import full_name, versions
from streams.schemas.protobuf import proto_text
from streams.topics import TOPICS, Topic, qualified
from streams.traceparent import TRACEPARENT

__all__ = ["asyncapi"]

_KAFKA = "0.5.0"
_FORMATS = {
    "avro": "application/vnd.apache.avro+json;version=1.12.0",
    "json_schema": "application/schema+json;version=draft-07",
    "json": "application/schema+json;version=draft-07",
    "protobuf": "application/vnd.google.protobuf;version=3",
}
_JSON = "application/json"


def asyncapi(scenario: Scenario, terms: Terms, *, run: str, format_name: str) -> dict[str, Any]:
    """The document: a channel a topic, a message for each version of each kind of record on it."""
    kinds = [each for kind in evolved_kinds(scenario.schema_changes).values() for each in versions(kind)]
    messages = {
        message_name(kind): _message(kind, _payload(kind, terms, format_name), format_name) for kind in kinds
    }
    channels = {topic.name: _channel(topic, kinds, run) for topic in TOPICS}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Greenroom: {scenario.name}",
            "version": version("greenroom"),
            "description": scenario.about or "Synthetic data for recommendation and moderation.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": _JSON,
        "channels": channels,
        "operations": {name: _operation(name) for name, channel in channels.items() if channel["messages"]},
        "components": {"messages": messages, "messageTraits": {"cloudevent": _TRAIT}},
    }


def message_name(kind: RecordKind) -> str:
    """The name of a message: of the type of event that CloudEvents' headers tell."""
    return f"{kind.topic}.{kind.name}.v{kind.version}"


def _channel(topic: Topic, kinds: list[RecordKind], run: str) -> dict[str, Any]:
    return {
        "address": qualified(run, topic.name),
        "description": topic.about,
        "messages": {
            message_name(kind): {"$ref": f"#/components/messages/{message_name(kind)}"}
            for kind in kinds
            if kind.topic == topic.name
        },
        "bindings": {"kafka": _topic_binding(topic)},
    }


def _topic_binding(topic: Topic) -> dict[str, Any]:
    config = topic.config()
    return {
        "partitions": topic.partitions,
        "topicConfiguration": {
            "cleanup.policy": config["cleanup.policy"].split(","),
            "retention.ms": int(config["retention.ms"]),
        },
        "bindingVersion": _KAFKA,
    }


def _operation(topic: str) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{topic}"},
        "summary": f"Greenroom publishes to {topic}.",
    }


def _message(kind: RecordKind, payload: Mapping[str, Any], format_name: str) -> dict[str, Any]:
    content_type = FRAMED[format_name].content_type if format_name in FRAMED else _JSON
    return {
        "name": message_name(kind),
        "title": full_name(kind),
        "summary": kind.about,
        "contentType": content_type,
        "payload": payload,
        "traits": [{"$ref": "#/components/messageTraits/cloudevent"}],
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": _KAFKA} | _registry(format_name)},
    }


def _registry(format_name: str) -> dict[str, str]:
    if format_name not in FRAMED:
        return {}
    return {"schemaIdLocation": "payload", "schemaIdPayloadEncoding": "confluent"}


def _payload(kind: RecordKind, terms: Terms, format_name: str) -> dict[str, Any]:
    schema: Any = json_schema(kind, terms.vocabularies, terms.missing)
    if format_name == "avro":
        schema = avro_schema(kind, terms.vocabularies, terms.missing)
    elif format_name == "protobuf":
        schema = proto_text(kind, terms.missing)
    return {"schemaFormat": _FORMATS[format_name], "schema": schema}


_TRAIT = {
    "name": "cloudevent",
    "description": "Headers of CloudEvents' binding for Kafka and of W3C Trace Context; journeys and audience have "
    "them if they are asked for.",
    "headers": {
        "type": "object",
        "properties": {
            **{
                name: {"type": "string"}
                for name in ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_dataschema")
            },
            "ce_time": {"type": "string", "format": "date-time"},
            "ce_partitionkey": {"type": "string", "description": "The record's key."},
            "content-type": {"type": "string"},
            "greenroom-synthetic": {"type": "string", "const": "true"},
            TRACEPARENT: {"type": "string", "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"},
        },
    },
}
