"""Conformance: whether a broker answers as Apache Kafka does, in everything that Greenroom relies on."""

from streams.cluster.conformance.suite import CHECKS, Check, Finding, check_broker

__all__ = ["CHECKS", "Check", "Finding", "check_broker"]
