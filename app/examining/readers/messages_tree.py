"""A FHIR resource in one shape, whether it came in JSON or XML: from names to lists of words, or of the like.

What stands in a message is taken as it is: nothing is fetched that it refers to, and no XML may define its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from . import Unreadable

NAMESPACE = "http://hl7.org/fhir"
DEEPEST, MOST_PARTS = 60, 200_000
CUT_OFF = "This message is cut off: its end is missing. Ask for it again."
WORDS_OF_XML = {3: CUT_OFF, 5: CUT_OFF}  # expat: no element found, unclosed token
Node = dict[str, list[Any]]


def tree(content: bytes) -> Node:
    """The resource, its type under `resourceType`. Raises `Unreadable` with the reason if it is not whole."""
    is_xml = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    return _of_xml(content) if is_xml else _of_json(content)


def first(node: Node, *path: str) -> str:
    """The first word at the end of a path of names; empty if there is none."""
    for found in _along(node, path):
        if isinstance(found, str):
            return found.strip()
    return ""


def nodes(node: Node, *path: str) -> list[Node]:
    return [found for found in _along(node, path) if isinstance(found, dict)]


def _along(node: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if not path:
        yield node
    elif isinstance(node, dict):
        for found in node.get(path[0], ()):
            yield from _along(found, path[1:])


def _of_json(content: bytes) -> Node:
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = content.decode("latin-1")
    try:
        read = json.loads(words, parse_constant=_refuse)
    except json.JSONDecodeError as trouble:
        is_cut = trouble.pos >= len(words.rstrip()) - 1 or trouble.msg.startswith("Unterminated")
        raise Unreadable(
            CUT_OFF if is_cut else "This message is damaged: it is no JSON. Ask for it again."
        ) from None
    except (ValueError, RecursionError):
        raise Unreadable(
            "This message is damaged, or made to look so: it is no JSON that can be read."
        ) from None
    if not isinstance(read, dict) or not isinstance(read.get("resourceType"), str):
        raise Unreadable("This is JSON, and no FHIR resource: it does not say of which type it is.")
    node: Node = _neutral(read, _Count(), 0)
    return node


class _Count:
    """How many parts there were so far, so that nobody answers with millions."""

    parts = 0

    def another(self, depth: int) -> None:
        self.parts += 1
        if depth > DEEPEST:
            raise Unreadable("What is in this message is nested too deep.")
        if self.parts > MOST_PARTS:
            raise Unreadable("There is more in this message than one message may say.")


def _neutral(value: Any, count: _Count, depth: int) -> Any:
    count.another(depth)
    if isinstance(value, dict):
        return {
            name: [_neutral(one, count, depth + 1) for one in (held if isinstance(held, list) else [held])]
            for name, held in value.items()
            if held is not None
        }
    if isinstance(value, list):
        return ""  # no resource has a list of lists
    return str(value).lower() if isinstance(value, bool) else str(value)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _of_xml(content: bytes) -> Node:
    try:
        root: Element = ElementTree.fromstring(content, forbid_dtd=True)
    except ParseError as trouble:
        raise Unreadable(
            WORDS_OF_XML.get(trouble.code, "This message is damaged: it is no XML. Ask for it again.")
        ) from None
    except DefusedXmlException:
        raise Unreadable(
            "This message defines its own XML, which no FHIR message does: it is not read, as it may do harm."
        ) from None
    except (ValueError, LookupError):
        raise Unreadable("This message is in an encoding that cannot be read. Ask for it in UTF-8.") from None
    if not root.tag.startswith(f"{{{NAMESPACE}}}"):
        raise Unreadable("This is XML, and no FHIR resource: its namespace is another.")
    return _resource(root, _Count(), 0)


def _resource(element: Element, count: _Count, depth: int) -> Node:
    return {"resourceType": [_name(element)], **_parts(element, count, depth)}


def _parts(element: Element, count: _Count, depth: int) -> Node:
    told: Node = {}
    for child in element:
        count.another(depth)
        name = _name(child)
        if name in {"resource", "contained"}:
            held: Any = next((_resource(one, count, depth + 1) for one in child), None)
        elif len(child):
            held = _parts(child, count, depth + 1)
        else:
            held = child.get("value", "")
        if held is not None:
            told.setdefault(name, []).append(held)
    return told


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
