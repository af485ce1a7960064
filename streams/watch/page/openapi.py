"""The HTTP surface in OpenAPI 3.1: what can be asked, and everything that can be answered."""

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from sim.steering.change import CHANGES

__all__ = ["description"]

_ABOUT = {
    "/metrics": ("Metrics for Prometheus.", "text/plain"),
    "/healthz": ("The process is alive.", "text/plain"),
    "/readyz": ("The process is at work; 503 if it is not yet.", "text/plain"),
    "/drift": ("The newest drift readings, and planted shifts with what found them.", "application/json"),
    "/audit": ("The delivery audit so far.", "application/json"),
}
_TEXT = {"text/plain": {"schema": {"type": "string"}}}
_ERROR = {
    "application/json": {
        "schema": {
            "type": "object",
            "required": ["error"],
            "properties": {"error": {"type": "string", "description": "What is wrong; empty if nothing is."}},
        }
    }
}
_ASSET = {
    "name": "asset_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "Content address of the asset: hexadecimal digits.",
}
_RANGE = {
    "name": "Range",
    "in": "header",
    "schema": {"type": "string"},
    "description": "One range of bytes (RFC 9110, section 14), such as bytes=0-65535.",
}


def description(endpoints: Iterable[str]) -> dict[str, Any]:
    """The description of a page server that has these endpoints beside the page.

    >>> sorted(description(["/healthz"])["paths"])[:3]
    ['/', '/assets/{asset_id}/{name}', '/events']
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Greenroom live page",
            "version": version("greenroom"),
            "description": "Loopback only: requests whose Host is a foreign name are answered with 421.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/": {"get": _read("The page.", "text/html")},
            "/static/{name}": {
                "get": _read("A file of the page.", "text/javascript", "text/css", "image/svg+xml", missing=True)
                | {"parameters": [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}]}
            },
            "/events": {"get": _events()},
            "/assets/{asset_id}/{name}": {"get": _asset()},
            "/maps/{asset_id}/{role}.png": {"get": _map()},
            "/openapi.json": {"get": _read("This description.", "application/json")},
            "/steer": {"post": _steer()},
            **{path: {"get": _endpoint(path)} for path in endpoints},
        },
    }  # fmt: skip


def _read(about: str, *kinds: str, missing: bool = False) -> dict[str, Any]:
    content: dict[str, Any] = {kind: {"schema": {}} for kind in kinds}
    responses: dict[str, Any] = {
        "200": {"description": "It.", "content": content},
        "304": {"description": "The browser has it."},
        "421": {"description": "The host name is another's.", "content": _TEXT},
    }
    if missing:
        responses["404"] = {"description": "There is none.", "content": _TEXT}
    return {"summary": about, "responses": responses}


def _endpoint(path: str) -> dict[str, Any]:
    about, kind = _ABOUT.get(path, (f"What the process tells at {path}.", "application/json"))
    told = _read(about, kind)
    if path == "/metrics":
        told["responses"]["200"]["content"]["application/openmetrics-text"] = {"schema": {"type": "string"}}
    if path == "/readyz":
        told["responses"]["503"] = {"description": "Not ready yet.", "content": _TEXT}
    return told


def _events() -> dict[str, Any]:
    told = _read(
        "Every panel's newest state, whenever it changes, as server-sent events.", "text/event-stream"
    )
    told["parameters"] = [
        {
            "name": "Last-Event-ID",
            "in": "header",
            "schema": {"type": "string"},
            "description": "The last event received: only what has changed since is sent.",
        }
    ]
    told["responses"]["503"] = {"description": "Too many follow already.", "content": _TEXT}
    return told


def _asset() -> dict[str, Any]:
    told = _read(
        "A file of an asset, as its manifest lists it.",
        "image/png", "audio/wav", "application/json", "text/plain", "application/octet-stream", missing=True,
    )  # fmt: skip
    name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
    told["parameters"] = [_ASSET, name, _RANGE]
    told["responses"] |= {
        "206": {
            "description": "The range that was asked for.",
            "content": told["responses"]["200"]["content"],
        },
        "416": {"description": "No such range.", "content": {"application/octet-stream": {"schema": {}}}},
        "503": {"description": "The store cannot be read.", "content": _TEXT},
    }
    return told


def _map() -> dict[str, Any]:
    told = _read("A map of a picture, in colours for the eye.", "image/png", missing=True)
    role = {"type": "string", "enum": ["depth", "instance", "semantic", "normals"]}
    told["parameters"] = [_ASSET, {"name": "role", "in": "path", "required": True, "schema": role}]
    told["responses"]["503"] = {"description": "The store cannot be read.", "content": _TEXT}
    return told


def _steer() -> dict[str, Any]:
    kinds = sorted(CHANGES.classes())
    schema = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string", "enum": kinds}},
        "description": "A change as `greenroom steer` takes it; without `at` it holds as soon as all shards can.",
    }
    words = {
        "200": "The change is in force in all shards.",
        "400": "It is no change.",
        "403": "Only the page itself may steer, from this machine.",
        "409": "A shard refused it, another is waited for, or the run cannot be steered.",
        "413": "The change is too long.",
        "415": "A change is sent as application/json.",
        "503": "The cluster or a shard does not answer.",
    }
    responses: dict[str, Any] = {
        status: {"description": about, "content": _ERROR} for status, about in words.items()
    }
    responses["413"]["content"] = _TEXT
    responses["421"] = {"description": "The host name is another's.", "content": _TEXT}
    return {
        "summary": "Propose a change to the running fleet, and wait for what its shards make of it.",
        "description": "The request's Origin must be the page's own.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": responses,
    }
