"""Transactions: records, and the progress that speaks of them, become readable together or not at all."""

import time
from collections.abc import Callable
from typing import Any

from confluent_kafka import KafkaError, KafkaException

from streams.exits import BrokerUnavailableError, FencedError, GreenroomError, UsageError
from streams.metrics import ACKNOWLEDGED
from streams.publish.producer import Delivery, librdkafka_settings
from streams.publish.records import Records
from streams.settings import ClusterSettings

__all__ = ["Transactions", "transactional_id"]

_STEP_S = 1.0
_ATTEMPTS = 5
_BETWEEN_ATTEMPTS_S = 0.5
_LONGER_THAN_PATIENCE_S = 30.0
_LONGEST_S = 900.0
"""What brokers allow a transaction by default (``transaction.max.timeout.ms``)."""

_FENCED = (KafkaError._FENCED, KafkaError.PRODUCER_FENCED, KafkaError.INVALID_PRODUCER_EPOCH)
_NO_TRANSACTIONS = (
    KafkaError._UNSUPPORTED_FEATURE,
    KafkaError._NOT_IMPLEMENTED,
    KafkaError.UNSUPPORTED_VERSION,
    KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    KafkaError.INVALID_TRANSACTION_TIMEOUT,
)


def transactional_id(run: str, shard: tuple[int, int]) -> str:
    """The name under which a shard's transactions are known: whoever takes it last is the only one that may write.

    >>> transactional_id("greenroom", (0, 4))
    'greenroom-shard-0-of-4'
    """
    return f"{run}-shard-{shard[0]}-of-{shard[1]}"


class Transactions(Delivery):
    """Exactly once: a read-committed reader sees all records up to a shard's progress, and none twice.

    The records of the open transaction are kept until it has ended: if the cluster has to abort it, the same records
    go out again, without asking the world. They are as many as one commit spans, which the run bounds.
    """

    def __init__(
        self,
        settings: ClusterSettings,
        run: str,
        shard: tuple[int, int],
        *,
        patience_s: float,
        throttle: Callable[[], float],
    ) -> None:
        """The arguments are those of :class:`Delivery`; ``shard`` is the one whose transactions these are."""
        self._name, self._shard = transactional_id(run, shard), f"{shard[0]}/{shard[1]}"
        self._kept: list[Records] = []
        self._committed = 0
        self._cause = ""
        super().__init__(
            settings,
            run,
            patience_s=patience_s,
            throttle=throttle,
            properties=_properties(settings, self._name, patience_s),
        )

    @classmethod
    def opened(
        cls,
        settings: ClusterSettings,
        run: str,
        shard: tuple[int, int],
        *,
        patience_s: float,
        throttle: Callable[[], float],
    ) -> "Transactions":
        """Take over the shard: whoever wrote it before is shut out, and what was open is aborted.

        Raises :class:`UsageError` if the cluster has no transactions, or refuses them.
        """
        transactions = cls(settings, run, shard, patience_s=patience_s, throttle=throttle)
        if (refusal := transactions._insist(transactions._producer.init_transactions)) is not None:
            raise transactions._without_transactions(refusal)
        return transactions

    @property
    def acknowledged(self) -> int:
        """Records that are committed."""
        return self._committed

    def finish(self) -> None:
        """Wait until the last transaction has ended."""
        self.settle()

    def _put(self, records: Records) -> None:
        if not self._kept:
            self._producer.begin_transaction()
        self._kept.append(records)
        try:
            self._hand_over(records)
        except (KafkaException, BufferError) as error:
            if not _is_of_the_transaction(error):
                raise self._refused(records, error) from error
            # What is wrong with the transaction, only an attempt to commit it tells.
            self._again(self._insist(self._producer.commit_transaction) or error.args[0])

    def _end(self, progress: Records) -> None:
        self._put(progress)
        for attempt in range(_ATTEMPTS):
            failure = self._insist(self._producer.commit_transaction)
            if failure is None:
                self._note_committed()
                return
            time.sleep(attempt * _BETWEEN_ATTEMPTS_S)
            self._again(failure)
        raise self._given_up(failure)

    def _note_committed(self) -> None:
        count = sum(map(len, self._kept))
        self._observe()
        self._committed += count
        ACKNOWLEDGED.inc(count)
        self._kept, self._cause = [], ""

    def _again(self, failure: KafkaError) -> None:
        """Abort the transaction and send its records once more."""
        self._cause = self._cause or failure.str()
        for attempt in range(_ATTEMPTS):
            time.sleep(attempt * _BETWEEN_ATTEMPTS_S)
            if (stuck := self._insist(self._producer.abort_transaction)) is not None:
                raise self._given_up(stuck)
            self._marks.clear()
            self._heard = self.sent = self._committed
            self._producer.begin_transaction()
            try:
                for records in self._kept:
                    self._hand_over(records)
            except KafkaException as error:
                failure = error.args[0]
            else:
                return
        raise self._given_up(failure)

    def _insist(self, step: Callable[[float], None]) -> KafkaError | None:
        """Take a step of the transaction's life again and again while it times out; why it cannot be taken, if so."""
        began = time.monotonic()
        while True:
            try:
                step(_STEP_S)
            except KafkaException as raised:
                error: KafkaError = raised.args[0]
            else:
                return None
            if error.fatal():
                raise self._fate(error)
            if not error.retriable():
                return error
            self._observe()
            silent = time.monotonic() - (max(began, self._heard_at) if len(self._producer) else began)
            if silent > self.patience_s:
                self._last_error = self._last_error or error.str()
                raise self._silence(silent)

    def _note_answers(self, count: int) -> None:
        """An answer for a record is no promise before its transaction is committed."""

    def _undelivered(self) -> int:
        return sum(map(len, self._kept))

    def _handed_over(self) -> int:
        return self._committed + self._undelivered()

    def _fate(self, error: KafkaError) -> GreenroomError:
        if error.code() in _FENCED:
            return FencedError(
                f"another process has taken over shard {self._shard} of run {self.run!r}, and this one may not write "
                "any more (or it stood still for so long that the cluster gave it up). Nothing is lost or doubled. "
                "Let only one process play a shard; if no other does, go on with --resume"
            )
        if error.code() in _NO_TRANSACTIONS:
            return self._without_transactions(error)
        return super()._fate(error)

    def _given_up(self, error: KafkaError) -> GreenroomError:
        return BrokerUnavailableError(
            f"{self.settings.bootstrap} does not take the records of shard {self._shard}: "
            f"{self._cause or error.str()}. What was committed before stays; go on with --resume once the cause is gone"
        )

    def _without_transactions(self, error: KafkaError) -> GreenroomError:
        return UsageError(
            f"{self.settings.bootstrap} refuses transactions of {self._name!r}: {error.str()}. Allow them there, or "
            "publish with --delivery at-least-once"
        )

    def _silence(self, seconds: float) -> BrokerUnavailableError:
        if self._kept:
            return super()._silence(seconds)
        return BrokerUnavailableError(
            f"no transaction coordinator answers at {self.settings.bootstrap} after {seconds:.0f} s "
            f"({self._last_error or 'no answer'}). Check transaction.state.log.replication.factor against the number "
            "of brokers, give it longer with --broker-timeout, or publish with --delivery at-least-once"
        )


def _is_of_the_transaction(error: BaseException) -> bool:
    """Whether this error says no more than that the transaction cannot go on; why, the next step tells."""
    return isinstance(error, KafkaException) and error.args[0].code() in (
        KafkaError._STATE,
        KafkaError._FATAL,
    )


def _properties(settings: ClusterSettings, name: str, patience_s: float) -> dict[str, Any]:
    # A coordinator that comes back within our patience must not have given the transaction up before.
    open_for_s = min(_LONGEST_S, max(60.0, patience_s + _LONGER_THAN_PATIENCE_S))
    return librdkafka_settings(settings) | {
        "transactional.id": name,
        "transaction.timeout.ms": int(open_for_s * 1000),
        # A gap aborts the transaction, and all its records go out again.
        "enable.gapless.guarantee": False,
        # What concerns the user is raised; librdkafka would print it too.
        "log_level": 0,
    }
