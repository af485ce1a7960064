"""Settings of an enricher: what it reads, where assets go, and what it waits for."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sim.names import UnknownNameError
from streams.registry.settings import RegistrySettings
from streams.settings import ClusterSettings
from streams.topics import TOPICS

__all__ = ["ENRICHABLE", "EnricherSettings"]

ENRICHABLE = tuple(
    topic.name.removesuffix(".enriched") for topic in TOPICS if topic.name.endswith(".enriched")
)
"""Topics whose records may ask for media: those that have an enriched twin."""


def _enrichable(name: str) -> str:
    if name not in ENRICHABLE:
        raise UnknownNameError("topic with an enriched twin", name, ENRICHABLE)
    return name


class EnricherSettings(BaseModel):
    """An enricher.

    >>> EnricherSettings(cluster=ClusterSettings(bootstrap="localhost:9092"), store="assets").topics
    ('catalog', 'content')
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    cluster: ClusterSettings
    run: str = "greenroom"
    """Prefix of the topics and of the consumer group."""
    store: str
    """Folder or fsspec URL of the asset store."""
    topics: tuple[Annotated[str, AfterValidator(_enrichable)], ...] = Field(
        ("catalog", "content"), min_length=1
    )
    """Source topics."""
    registry: RegistrySettings | None = None
    """Where the schemas of the source records are, if they are not JSON."""
    workers: int = Field(0, ge=0)
    """Processes that render; 0 is one for each core."""
    places: int = Field(0, ge=0)
    """Records in work at once; 0 is four for each worker and four more."""
    render_timeout_s: float = Field(60.0, gt=0)
    """Longest time for one render."""
    broker_timeout_s: float = Field(30.0, gt=0)
    """Longest time without a broker, at the start and later."""
    endpoint_host: str = "127.0.0.1"
    endpoint_port: int = Field(0, ge=0, le=65535)
    """Port of the metrics; 0 takes a free one."""
    announce_file: Path | None = None
    """File that gets process id, endpoint and consumer group, as JSON, once the endpoint answers."""

    @property
    def group(self) -> str:
        """The consumer group."""
        return f"{self.run}-enrich"

    @property
    def written(self) -> tuple[str, ...]:
        """Topics that the enricher publishes to."""
        return (*(f"{topic}.enriched" for topic in self.topics), "assets", "dead_letters")
