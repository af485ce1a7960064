"""``greenroom loadtest contract``: what a recommender service is sent and has to answer."""

import json

import typer

__all__ = ["contract"]


def contract() -> None:
    """Print the contract of a recommender service as an OpenAPI 3.1 document.

    Example: greenroom loadtest contract > openapi.json
    """
    from streams.recommenders.wire import openapi

    typer.echo(json.dumps(openapi(), indent=2))
