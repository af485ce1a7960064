"""The contract of a recommender service: what it is sent and what it answers, as models and as OpenAPI."""

from importlib.metadata import version
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

__all__ = ["Slate", "SlateAnswers", "SlateQuestion", "SlateQuestions", "openapi"]


class _Wire(BaseModel):
    # A service may answer more than it is asked for, and may be asked more in a later version.
    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)


class SlateQuestion(_Wire):
    """One viewer's request for a slate."""

    request_id: str
    """Names the request; comes back with its slate."""
    user_id: str
    """The viewer, as in the events: u00000017."""
    region: str
    """Where the viewer is; items must be available there."""
    device: str
    """What the viewer watches on."""
    surface: str
    """Where the slate will be shown."""
    k: int = Field(ge=1)
    """How many items are asked for."""
    at: int
    """Simulated time of the request, epoch milliseconds."""
    recent: list[str] | None = None
    """What the viewer played last, newest first, if the audience remembers it."""
    candidates: list[str] | None = None
    """Items to choose from, for services that re-rank; without it, from all that the region has."""


class SlateQuestions(_Wire):
    """Requests that were gathered for one message."""

    requests: list[SlateQuestion]
    """At least one request."""


class Slate(_Wire):
    """The answer to one request."""

    request_id: str
    """The request that is answered."""
    items: list[str]
    """At least k different items, best first, as in the catalogue's events: t0000042. Those beyond k are not shown."""
    propensities: list[float] | None = None
    """Probability with which each item was chosen for its rank; logged with the impressions."""
    policy: str | None = None
    """Which policy of the service answered; counted in the report."""


class SlateAnswers(_Wire):
    """Answers in any order; a request without one gets the fallback."""

    slates: list[Slate]
    """One slate a request."""


_ABOUT = (
    "What a recommender service answers so that Greenroom's audience can be put in front of it. Status 2xx means that "
    "the body is an answer; any other status, a late answer or a wrong one is counted by its kind, and the viewer gets "
    "a fallback slate. Over a pair of Kafka topics, each record carries one request or one slate, with the request id "
    "as key and as header `correlation_id`."
)


def openapi(path: str = "/recommend") -> dict[str, Any]:
    """The contract as an OpenAPI 3.1 document."""
    models: list[Any] = [(SlateQuestions, "validation"), (SlateAnswers, "validation")]
    _, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")

    def body(name: str) -> dict[str, Any]:
        return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}

    operation = {
        "operationId": "recommend",
        "summary": "A slate for each request.",
        "requestBody": {"required": True, "content": body("SlateQuestions")},
        "responses": {
            "200": {"description": "Slates, in any order.", "content": body("SlateAnswers")},
            "429": {
                "description": "Too many requests: counted, and not asked again.",
                "headers": {"Retry-After": {"schema": {"type": "number"}, "description": "Reported."}},
            },
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Greenroom recommender contract",
            "version": version("greenroom"),
            "description": _ABOUT,
        },
        "paths": {path: {"post": operation}},
        "components": {"schemas": schemas["$defs"]},
    }
