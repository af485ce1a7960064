"""Flat .proto files to message classes, without protoc: one message of scalar fields, as Greenroom's schemas are."""

import re
from functools import lru_cache

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import Message

__all__ = ["message_class", "parsed"]

_Field = descriptor_pb2.FieldDescriptorProto
_COMMENTS = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_PACKAGE = re.compile(r"\bpackage\s+([\w.]+)\s*;")
_MESSAGE = re.compile(r"\bmessage\s+(\w+)\s*\{(.*)\}", re.DOTALL)
_FIELD = re.compile(r"(?:\b(optional|repeated)\s+)?\b(\w+)\s+(\w+)\s*=\s*(\d+)\s*(?:\[[^\]]*\])?\s*;")
_TYPES = {
    "string": _Field.TYPE_STRING,
    "int64": _Field.TYPE_INT64,
    "uint32": _Field.TYPE_UINT32,
    "uint64": _Field.TYPE_UINT64,
    "double": _Field.TYPE_DOUBLE,
    "bool": _Field.TYPE_BOOL,
}


def parsed(text: str) -> descriptor_pb2.FileDescriptorProto:
    """The descriptor of a file; ValueError if it is not of the sort that this module reads.

    >>> parsed('syntax = "proto3"; package a.b; message C { optional string d = 1; }').message_type[0].name
    'C'
    """
    plain = _COMMENTS.sub("", text)
    package, message = _PACKAGE.search(plain), _MESSAGE.search(plain)
    if not message or "message " in message[2]:
        raise ValueError("a .proto file of one flat message is wanted")
    file = descriptor_pb2.FileDescriptorProto(
        name="record.proto", package=package[1] if package else "", syntax="proto3"
    )
    found = file.message_type.add(name=message[1])
    for label, type_, name, number in _FIELD.findall(message[2]):
        _add(found, label, type_, name, int(number))
    return file


def _add(message: descriptor_pb2.DescriptorProto, label: str, type_: str, name: str, number: int) -> None:
    if type_ not in _TYPES:
        raise ValueError(f"field {name} is of type {type_}; known: {', '.join(_TYPES)}")
    repeated = label == "repeated"
    field = message.field.add(
        name=name,
        number=number,
        type=_TYPES[type_],
        label=_Field.LABEL_REPEATED if repeated else _Field.LABEL_OPTIONAL,
    )
    if label == "optional":
        field.proto3_optional = True
        field.oneof_index = len(message.oneof_decl)
        message.oneof_decl.add(name=f"_{name}")


@lru_cache(maxsize=512)
def message_class(text: str) -> type[Message]:
    """The class of the messages of a .proto file, in a pool of its own: versions of a kind have the same name."""
    file = parsed(text)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    name = ".".join(filter(None, (file.package, file.message_type[0].name)))
    found: type[Message] = message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
    return found
