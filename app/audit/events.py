"""What an audit event is. The events themselves are declared in each room's `events.py`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, named in the past tense. Its fields are all the detail it keeps."""

    name: ClassVar[str]
    known: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls) -> None:
        if cls.name in Event.known:
            raise TypeError(f"two events are called {cls.name!r}")
        Event.known[cls.name] = cls

    @property
    def detail(self) -> dict[str, Any]:
        """The fields as JSON can hold them: days and instants in ISO 8601."""
        return {field.name: plain(getattr(self, field.name)) for field in fields(self)}


def plain(value: Any) -> Any:
    """The value as JSON can hold it: days and instants in ISO 8601, sequences as lists."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return str(value) if isinstance(value, str) else value
