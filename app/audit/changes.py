from __future__ import annotations

from typing import Any

from app.audit.events import plain
from app.core.model import Model

#: Per field, what it said before and what it says now, as JSON can hold them.
Changes = dict[str, list[Any]]


def change(row: Model, **values: Any) -> Changes:
    """Set the row's fields and say which of them changed, so that the old value stays in the record."""
    changes = {
        name: [plain(getattr(row, name)), plain(value)]
        for name, value in values.items()
        if getattr(row, name) != value
    }
    for name, value in values.items():
        setattr(row, name, value)
    return changes
