"""What is written on the topic ``control``: closed models, one a kind of message."""

from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sim.steering.change import AnyChange, Moment

__all__ = [
    "Accepted", "BadMessageError", "Joined", "Left", "Message", "Present", "Proposed", "Refused", "RollCall",
    "Withdrawn", "read_message", "written",
]  # fmt: skip

_LONGEST = 65_536

Name = Annotated[str, Field(min_length=1, max_length=100)]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class _OfShard(_Message):
    shard: int = Field(ge=0)
    of: int = Field(ge=1, le=100_000)
    by: Name
    """The process that speaks for the shard: a shard that was started again is another one."""

    @property
    def who(self) -> str:
        """The shard in the words of ``--shard``."""
        return f"{self.shard}/{self.of}"


class Joined(_OfShard):
    """A shard listens from now on; one that begins anew knows of no change before, one that resumes knows all."""

    kind: Literal["joined"] = "joined"
    resumed: bool
    at: Moment
    span: int = Field(gt=0)
    replayed: tuple[AnyChange, ...] = ()


class Left(_OfShard):
    """A shard has come to its end."""

    kind: Literal["left"] = "left"
    at: Moment


class RollCall(_Message):
    """Asks every shard how far it is."""

    kind: Literal["roll_call"] = "roll_call"
    id: Name


class Present(_OfShard):
    """How far a shard is: what can be changed at the earliest, and simulated milliseconds a second of wall time."""

    kind: Literal["present"] = "present"
    id: Name
    earliest: Moment
    span: int = Field(gt=0)
    speed: float | None = Field(gt=0)
    progress_ms_per_s: float = Field(ge=0)


class Proposed(_Message):
    """A change that takes effect if every one of ``of`` shards accepts it."""

    kind: Literal["proposed"] = "proposed"
    id: Name
    of: int = Field(ge=1, le=100_000)
    change: AnyChange


class Accepted(_OfShard):
    """A shard can make the change, and will not pass its time until it is decided."""

    kind: Literal["accepted"] = "accepted"
    id: Name


class Refused(_OfShard):
    """A shard cannot make the change; ``earliest`` is set if it came too late."""

    kind: Literal["refused"] = "refused"
    id: Name
    reason: str = Field(max_length=4000)
    earliest: Moment | None = None


class Withdrawn(_Message):
    """A change that shall not be made, unless all had accepted it before."""

    kind: Literal["withdrawn"] = "withdrawn"
    id: Name
    reason: str = Field(max_length=4000)


Message = Joined | Left | RollCall | Present | Proposed | Accepted | Refused | Withdrawn
_MESSAGES: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="kind")])


class BadMessageError(ValueError):
    """Something on the topic that is no message; ``id`` is what it called itself, if it did."""

    def __init__(self, reason: str, id: str | None = None) -> None:  # noqa: A002  the word of the messages
        super().__init__(reason)
        self.id = id


def read_message(value: bytes | None) -> Message:
    """The message in a record's value; :class:`BadMessageError` says what is wrong with it."""
    if value is None or len(value) > _LONGEST:
        raise BadMessageError(f"a message has 1 to {_LONGEST:,} bytes; this one has {len(value or b''):,}")
    try:
        tree = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise BadMessageError(f"no JSON: {error}") from None
    try:
        return _MESSAGES.validate_python(tree)
    except ValidationError as error:
        raise BadMessageError(_told(error), _id_of(tree)) from None
    except (ValueError, RecursionError, OverflowError) as error:
        raise BadMessageError(str(error)[:1000], _id_of(tree)) from None


def written(message: Message) -> bytes:
    """A message as a record's value."""
    return orjson.dumps(message.model_dump(mode="json"))


def _told(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"{place or 'the message'}: {str(first['msg']).removeprefix('Value error, ')}"[:1000]


def _id_of(tree: Any) -> str | None:
    named = tree.get("id") if isinstance(tree, dict) else None
    return named if isinstance(named, str) and 1 <= len(named) <= 100 else None
