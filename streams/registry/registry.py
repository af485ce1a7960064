"""The registry: schemas registered under subjects once they are known to be compatible, and found again by id."""

import weakref

import httpx2
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient
from confluent_kafka.schema_registry.error import SchemaRegistryError

from streams.exits import GreenroomError, UsageError
from streams.registry.settings import RegistrySettings

__all__ = ["IncompatibleSchemaError", "Registry", "RegistryUnavailableError"]

_UNAUTHORISED = (401, 403)
_NOT_FOUND = 404
_CONFLICT = 409
_NONSENSE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What the client stumbles over when an answer is not as the interface has it."""
_FAULTS = (SchemaRegistryError, httpx2.HTTPError, *_NONSENSE)


class RegistryUnavailableError(GreenroomError):
    """No registry answers, or it refuses to serve (EX_UNAVAILABLE)."""

    exit_code = 69


class IncompatibleSchemaError(UsageError):
    """A subject's rule forbids the schema that records would follow."""


class Registry:
    """A Confluent-compatible registry."""

    def __init__(self, settings: RegistrySettings) -> None:
        self.settings = settings
        self._client = SchemaRegistryClient(settings.client())
        # Its connections end with the last use: a reader of records keeps them for as long as it reads.
        weakref.finalize(self, self._client.__exit__, None, None, None)

    @property
    def url(self) -> str:
        """Its address."""
        return self.settings.url

    def find(self, subject: str, text: str, schema_type: str) -> int | None:
        """The id of a schema that the subject has already; None if it has not."""
        try:
            return int(self._client.lookup_schema(subject, Schema(text, schema_type)).schema_id)
        except _FAULTS as error:
            if _status(error) == _NOT_FOUND:
                return None
            raise self._told(error, subject) from error

    def check(self, subject: str, text: str, schema_type: str) -> None:
        """Find out that a schema may become the subject's next version; :class:`IncompatibleSchemaError` if not."""
        try:
            compatible = self._client.test_compatibility(subject, Schema(text, schema_type))
        except _FAULTS as error:
            if _status(error) == _NOT_FOUND:  # a subject that is new has no version to be compatible with
                return
            raise self._told(error, subject) from error
        if not compatible:
            raise self._incompatible(subject)

    def register(self, subject: str, text: str, schema_type: str) -> int:
        """The id of a schema, registered as the subject's next version if it is not there yet."""
        try:
            return int(self._client.register_schema(subject, Schema(text, schema_type)))
        except _FAULTS as error:
            if _status(error) == _CONFLICT:
                raise self._incompatible(subject, str(error)) from error
            raise self._told(error, subject) from error

    def set_rule(self, subject: str, rule: str) -> None:
        """Give a subject a rule of compatibility."""
        try:
            self._client.set_compatibility(subject, rule)
        except _FAULTS as error:
            raise self._told(error, subject) from error

    def subjects(self) -> set[str]:
        """The subjects that are there."""
        try:
            return set(self._client.get_subjects())
        except _FAULTS as error:
            raise self._told(error, "its subjects") from error

    def schema(self, schema_id: int) -> tuple[str, str]:
        """Type (AVRO, JSON, PROTOBUF) and text of a schema; KeyError if there is none of this id."""
        try:
            found = self._client.get_schema(schema_id)
        except _FAULTS as error:
            if _status(error) == _NOT_FOUND:
                raise KeyError(schema_id) from error
            raise self._told(error, f"schema {schema_id}") from error
        kind, text = found.schema_type or "AVRO", found.schema_str or ""
        if not (isinstance(kind, str) and isinstance(text, str)):
            raise self._told(TypeError("type and text of a schema are texts"), f"schema {schema_id}")
        return kind, text

    def _incompatible(self, subject: str, said: str = "") -> IncompatibleSchemaError:
        try:
            rule = str(self._client.get_compatibility(subject))
        except _FAULTS:
            rule = "the registry's"
        return IncompatibleSchemaError(
            f"subject {subject} at {self.url}: its rule {rule} forbids the new schema{': ' + said if said else ''}. "
            "Use another run (--run), take back what the scenario changes, or relax the subject's rule"
        )

    def _told(self, error: Exception, about: str) -> RegistryUnavailableError:
        status = _status(error)
        if status in _UNAUTHORISED:
            return RegistryUnavailableError(
                f"the registry at {self.url} refuses the log-in ({status}); set GREENROOM_REGISTRY_USERNAME and "
                "GREENROOM_REGISTRY_PASSWORD, or GREENROOM_REGISTRY_TOKEN"
            )
        if status == _NOT_FOUND:
            return RegistryUnavailableError(
                f"{self.url} is not the address of a Confluent-compatible registry (404); Apicurio's, for one, ends "
                "with /apis/ccompat/v7"
            )
        if status is not None:
            return RegistryUnavailableError(f"the registry at {self.url} failed over {about}: {error}")
        if isinstance(error, _NONSENSE):
            return RegistryUnavailableError(
                f"the answer of {self.url} about {about} is not a registry's ({type(error).__name__}: {error}); check "
                "--registry"
            )
        return RegistryUnavailableError(
            f"no schema registry answers at {self.url} ({type(error).__name__}: {error}); check --registry"
        )


def _status(error: Exception) -> int | None:
    return error.http_status_code if isinstance(error, SchemaRegistryError) else None
