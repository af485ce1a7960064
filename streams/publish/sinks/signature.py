"""Signatures of webhooks by the Standard Webhooks specification (1.0, symmetric: HMAC-SHA256)."""

import base64
import binascii
import hashlib
import hmac

from streams.exits import UsageError

__all__ = ["Signer"]

_PREFIX = "whsec_"
_LEAST_BYTES, _MOST_BYTES = 24, 64


class Signer:
    """Signs requests with one secret, or with several while a receiver moves from one to another.

    >>> signer = Signer.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", variable="SECRET")
    >>> signer.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')["webhook-signature"]
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        self._keys = keys

    @classmethod
    def of(cls, secrets: str, *, variable: str) -> "Signer":
        """From secrets as they are handed out (``whsec_`` and base64, separated by blanks), or UsageError."""
        keys = tuple(_key(secret, variable) for secret in secrets.split())
        if not keys:
            raise UsageError(
                f"{variable} is empty; it must hold a secret, whsec_ and {_LEAST_BYTES} bytes in base64"
            )
        return cls(keys)

    def headers(self, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
        """The three headers of a request; ``timestamp`` is when it is sent, in seconds since the epoch."""
        content = f"{message_id}.{timestamp}.".encode() + body
        signatures = [
            base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in self._keys
        ]
        return {
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
        }


def _key(secret: str, variable: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise UsageError(f"a secret in {variable} is not base64 after {_PREFIX}: {error}") from error
    if not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
        raise UsageError(
            f"a secret in {variable} has {len(key)} bytes; it must have {_LEAST_BYTES} to {_MOST_BYTES}, "
            "written as whsec_ and base64"
        )
    return key
