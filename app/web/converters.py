"""What may stand in an address. Anything else is not found, before any code of ours reads it."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

from app.core.references import read_reference


class WordConverter(BaseConverter):
    """What is said in an address without a kind: characters that can be kept, and no control characters."""

    regex = r"[^/\x00-\x1f\x7f]{1,200}"


class ReferenceConverter(BaseConverter):
    """A reference as people write it, in any case and spacing."""

    regex = r"[A-Za-z0-9 -]{8,16}"

    def to_python(self, value: str) -> str:
        if reference := read_reference(value):
            return reference
        raise ValidationError


class KeyConverter(BaseConverter):
    """The 32 hexadecimal digits of a document or an account."""

    regex = r"[0-9a-f]{32}"


class CodeConverter(BaseConverter):
    """The code of an organisation."""

    regex = r"[A-Za-z0-9-]{3,12}"


class LetterConverter(BaseConverter):
    """The letter of a step of the imaging pathway."""

    regex = r"[A-Za-z]"


class NumberConverter(BaseConverter):
    """A number within a case: 1, 2, 3 …"""

    regex = r"[1-9][0-9]{0,4}"

    def to_python(self, value: str) -> int:
        return int(value)


class RowConverter(NumberConverter):
    """The number of a row in its table."""

    regex = r"[1-9][0-9]{0,8}"


class VersionConverter(NumberConverter):
    """The number of a version of a list: 0 as it is shipped, then 1, 2, 3 …"""

    regex = r"0|[1-9][0-9]{0,4}"


def init_app(app: Flask) -> None:
    app.url_map.converters |= {
        "default": WordConverter,
        "string": WordConverter,
        "reference": ReferenceConverter,
        "key": KeyConverter,
        "code": CodeConverter,
        "letter": LetterConverter,
        "number": NumberConverter,
        "row": RowConverter,
        "version": VersionConverter,
    }
