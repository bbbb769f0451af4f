"""Every kind of event can tell its line, with its fields filled and with what may be missing missing."""

from __future__ import annotations

import importlib
import types
import typing
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path

import pytest
from flask import render_template

from app.audit.events import Event
from app.core import clock

for path in sorted((Path(__file__).parents[2] / "app").rglob("events.py")):
    importlib.import_module(f"app.{path.parent.name}.events")

#: Where a field holds one of a few words, one of them.
WORDS = {
    "outcome": "accept",
    "rule": "conclusion",
    "standing": "provisional",
    "supplier": "office",
    "whose": "caller",
}
#: Where a field holds a list of more than words.
LISTS = {"box": [1, 2, 3, 4], ("bundle.made", "documents"): [["A title", "a hash"]]}


def sample(name: str, kind: object, event: type[Event]) -> object:
    if typing.get_origin(kind) in {types.UnionType, typing.Union}:
        kind = typing.get_args(kind)[0]
    if kind is str:
        return (
            "upheld"
            if name == "outcome" and not event.name.startswith("allegation")
            else WORDS.get(name, name)
        )
    plain = {int: 1, bool: True, date: date(2026, 3, 2), datetime: clock.now()}
    if kind in plain:
        return plain[kind]
    if typing.get_origin(kind) is dict:
        return {"field": ["before", "after"]}
    return LISTS.get((event.name, name), LISTS.get(name, [name]))


@pytest.mark.parametrize("event", Event.known.values(), ids=lambda event: event.name)
def test_an_event_tells_its_line(app, event):
    hints = typing.get_type_hints(event)
    given = {field.name: sample(field.name, hints[field.name], event) for field in fields(event)}
    optional = {name for name in given if type(None) in typing.get_args(hints[name])}

    with app.test_request_context("/"):
        for left_out in [set(), optional]:
            detail = event(**{n: None if n in left_out else v for n, v in given.items()}).detail
            line = render_template(f"audit/events/{event.name}.html", detail=detail)
            assert line.strip()
            assert "None" not in line
