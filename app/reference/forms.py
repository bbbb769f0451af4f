"""The forms lists are changed with. The fields of a row are made from the columns of its list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

from wtforms import ValidationError

from app.core import clock
from app.core.errors import Overtaken, RuleBroken
from app.reference.catalogue import LISTS
from app.reference.columns import (
    LONGEST_PROSE,
    MOST_POUNDS,
    NOTHING,
    Column,
    Holds,
    Row,
    clauses_from,
    names_from,
)
from app.reference.editable import EditableList
from app.reference.models import ListDraft
from app.web.fields import day, line, pick, prose, whole, yes_or_no
from app.web.forms import CaseworkForm, EditingForm


class RowForm(EditingForm):
    """One row of a draft: `row` as it stands, or none to add one. What is fixed is not asked again."""

    about: ClassVar[EditableList]

    def __init__(self, draft: ListDraft, row: Row | None = None, *, is_in_force: bool = False) -> None:
        self.row = row
        drawn = {c.name: _TYPED[c.holds](c, row[c.name]) for c in self.about.columns} if row else {}
        super().__init__(draft, data=drawn)
        for column in self.about.columns:
            if (column.fixed and is_in_force) or (column.name == "ended" and row is None):
                del self[column.name]

    @property
    def answers(self) -> dict[str, Any]:
        given = super().answers
        asked = [column for column in self.about.columns if column.name in self]
        values = {column.name: _READ[column.holds](column, given[column.name]) for column in asked}
        return {"drawn_from": given["drawn_from"], "values": values}

    def refuse(self, refusal: RuleBroken) -> None:
        super().refuse(refusal)
        if isinstance(refusal, Overtaken) and self.row:
            rows = self.about.by_key(refusal.row.content)
            saved, mine = rows.get(self.about.key_of(self.row), self.row), self.answers["values"]
            for column in self.about.columns:
                if column.name in mine and saved[column.name] != mine[column.name]:
                    self.theirs[column.name] = column.words(saved[column.name]) or "Nothing"


class PutInForceForm(EditingForm):
    in_force_from = day(
        "From which day on?",
        required="Enter the day.",
        hint="Today or later. From that day on everybody works with it.",
        default=clock.today,
    )
    reasons = prose(
        "Why is the list changed?",
        required="Enter why the list is changed.",
        hint="Who decided it, and where it says so. It is shown with the version.",
        most=4000,
    )

    def __init__(self, draft: ListDraft) -> None:
        super().__init__(draft)
        if LISTS[draft.list_key].at_once:
            del self.in_force_from


class ThrowAwayForm(EditingForm):
    """Nothing to fill in: what was seen is what is thrown away."""


class SourceForm(CaseworkForm):
    source = prose(
        "What was it checked against?",
        required="Enter what it was checked against.",
        hint="Title, date and place, so that somebody else finds it again.",
        most=LONGEST_PROSE,
    )


def _field(column: Column) -> Any:
    required = f"Fill in “{column.label}”." if column.required else None
    asked: dict[str, Any] = {"hint": column.hint}
    match column.holds:
        case Holds.WHOLE:
            return whole(column.label, least=0, most=MOST_POUNDS, required=required, **asked)
        case Holds.DAY:
            return day(column.label, required=required, **asked)
        case Holds.YES_NO:
            return yes_or_no(column.label, **asked)
        case Holds.ONE_OF:
            return pick(column.label, column.choices, required=required, radios=True, **asked)
        case Holds.CLAUSES:
            return prose(column.label, required=required, **asked)
        case Holds.PROSE | Holds.NAMES:
            return prose(column.label, required=required, most=LONGEST_PROSE, **asked)
    return line(column.label, required=required, **asked)


def _well_written(column: Column) -> Callable[[Any, Any], None]:
    """A check that the text of a field can be read as what the column holds."""

    def check(_form: Any, field: Any) -> None:
        try:
            _READ[column.holds](column, field.data)
        except ValueError as problem:
            raise ValidationError(str(problem)) from problem

    return check


def _names(column: Column, typed: str) -> list[Any]:
    names = names_from(typed or "")
    if not column.numbers:
        return names
    if not all(name.isascii() and name.isdigit() and len(name) < 4 for name in names):
        raise ValueError("Write numbers with commas between them, such as 1, 3.")
    return [int(name) for name in names]


def _as_is(column: Column, value: Any) -> Any:
    return NOTHING[column.holds] if value is None else value


def _iso(_column: Column, value: date | None) -> str | None:
    return value.isoformat() if value else None


#: By what a column holds: how its value is drawn in a field, and how it is read from one.
_TYPED: Mapping[Holds, Callable[[Column, Any], Any]] = {
    **dict.fromkeys(Holds, _as_is),
    Holds.NAMES: lambda column, value: column.words(value),
    Holds.CLAUSES: lambda column, value: column.words(value),
    Holds.DAY: lambda _column, value: date.fromisoformat(value) if value else None,
}
_READ: Mapping[Holds, Callable[[Column, Any], Any]] = {
    **dict.fromkeys(Holds, _as_is),
    Holds.NAMES: _names,
    Holds.CLAUSES: lambda _column, typed: clauses_from(typed or ""),
    Holds.DAY: _iso,
}


def _form_of(about: EditableList) -> type[RowForm]:
    fields = {column.name: _field(column) for column in about.columns}
    typed = [column for column in about.columns if column.holds in {Holds.NAMES, Holds.CLAUSES}]
    checks = {f"validate_{column.name}": _well_written(column) for column in typed}
    more = {"about": about, "elsewhere": frozenset(fields)}
    return type(f"{about.key.title()}RowForm", (RowForm,), fields | checks | more)


#: The form for a row of each list.
ROW_FORMS: Mapping[str, type[RowForm]] = {key: _form_of(about) for key, about in LISTS.items()}
