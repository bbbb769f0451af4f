"""The base of every form.

A form says whether an answer is well-formed. Whether it is allowed, the action says, and the form
shows the refusal at its field with everything that was typed still there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar

from flask import request
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import FileField, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.form import Form

from app.audit import receipts
from app.core.errors import Overtaken, RuleBroken
from app.core.model import Model, Versioned
from app.core.references import new_key
from app.core.terms import Term
from app.core.text import clean, whole_number
from app.database import db
from app.web import kept
from app.web.days import DayField
from app.web.identity import signed_in

Row = TypeVar("Row", bound=Model)

#: Fields that are about the form and no answers.
ABOUT_THE_FORM = frozenset(
    {"csrf_token", "submission", "drawn_from", "kept", "draft", "draft_version", "draft_of"}
)


class Drawn(MultiDict[str, Any]):
    """What was typed before and kept, with which a form is drawn although it has not been sent now."""


class Cleaned:
    """Mixed into a form's Meta: text is cleaned before anything looks at it; passwords are left alone."""

    def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
        kind = unbound_field.field_class
        if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
            ways = (_cleaned,) if issubclass(kind, TextAreaField) else (_cleaned, _on_one_line)
            options["filters"] = [*options.get("filters", ()), *ways]
        return unbound_field.bind(form=form, **options)


class Part(Form):
    """A group of fields inside a form, such as one of several rows."""

    class Meta(Cleaned):
        pass


class CaseworkForm(FlaskForm):
    """Any form of the service. The field names are the keyword arguments of the action it asks for."""

    class Meta(Cleaned, FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was typed, with files only where a file is asked for. Nothing but a form is read."""
            if isinstance(formdata, Drawn):
                return formdata
            if formdata is None or not form.is_submitted():
                return None
            sent: MultiDict[str, Any] = MultiDict(request.form)
            for field in form:
                if isinstance(field, FileField):
                    sent.setlist(field.name, request.files.getlist(field.name))
            return sent

    #: What others have saved meanwhile, by field, when somebody else was faster.
    theirs: dict[str, str]

    def __init__(self, *arguments: Any, **more: Any) -> None:
        self.theirs = {}
        super().__init__(*arguments, **more)

    @property
    def answers(self) -> dict[str, Any]:
        """The answers by field name, ready to be an action's keyword arguments."""
        return {name: answer for name, answer in self.data.items() if name not in ABOUT_THE_FORM}

    def carried_out(self, act: Callable[[Session], Any]) -> bool:
        """Whether this form was sent and is well-formed, and `act` did what it asks for, as one unit of work.

        What `act` refuses is shown on the form, and nothing has changed.
        """
        if not self.validate_on_submit():
            return False
        try:
            with db.unit_of_work() as session:
                act(session)
        except RuleBroken as refusal:
            self.refuse(refusal)
            return False
        return True

    def refuse(self, refusal: RuleBroken) -> None:
        """Show what an action refused: beside its field if it names one, else above the form."""
        field = self._fields.get(refusal.field) if refusal.field else None
        if field is None:
            self.form_errors.append(str(refusal))
        else:
            field.errors = [*field.errors, str(refusal)]

    @property
    def problems(self) -> Iterator[tuple[str | None, str]]:
        """Every message, with the id of the control it is about, for the summary on top."""
        yield from ((None, message) for message in self.form_errors)
        for field in self:
            yield from _problems_of(field)


class ConfirmForm(CaseworkForm):
    """Nothing to fill in: a button, and the token that proves who pressed it."""


class CreatingForm(CaseworkForm):
    """A form that makes something new. Sent twice, it makes it once."""

    submission = HiddenField(default=new_key)

    def made(self, kind: type[Row], make: Callable[[Session], Row]) -> Row | None:
        """What `make` made of this form, in one unit of work and once; None if it is to be drawn (again)."""
        rows: list[Row] = []
        self.carried_out(lambda session: rows.append(self.once(session, kind, lambda: make(session))))
        return rows[0] if rows else None

    def once(self, session: Session, kind: type[Row], make: Callable[[], Row]) -> Row:
        """What `make` makes, or what it made when this very form was sent before."""
        given = self.submission.data or ""
        key = given if re.fullmatch("[0-9a-f]{32}", given) else new_key()
        self.submission.data = new_key()  # what is drawn again after a refusal is another form
        return receipts.once(session, kind, key, answers=self._digest(), actor=signed_in(), make=make)

    def _digest(self) -> str:
        """A hash of what was answered to this form's own questions, files by their names."""
        asked = {field.name for field in self} - ABOUT_THE_FORM
        sent = [*request.form.items(multi=True), *_file_names()]
        answered = sorted((name, value) for name, value in sent if name.partition("-")[0] in asked)
        return hashlib.sha256(repr([kept.this_form(), answered]).encode("utf-8", "replace")).hexdigest()


class EditingForm(CaseworkForm):
    """A form drawn from a row. If the row is saved by someone else meanwhile, both texts are shown."""

    drawn_from = HiddenField()
    #: Fields of the form that are no attributes of the row, or mean something else there.
    elsewhere: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, row: Versioned | None = None, data: dict[str, Any] | None = None) -> None:
        names = {name for name, _field in self._unbound_fields} - self.elsewhere
        drawn = {name: getattr(row, name) for name in names if hasattr(row, name)}
        super().__init__(data=drawn | (data or {}))
        if not self.drawn_from.raw_data:
            self.drawn_from.data = str(row.version if row else 0)

    @property
    def answers(self) -> dict[str, Any]:
        return super().answers | {"drawn_from": number_in(self.drawn_from.data)}

    def refuse(self, refusal: RuleBroken) -> None:
        super().refuse(refusal)
        if isinstance(refusal, Overtaken):
            self.drawn_from.data = str(refusal.row.version)
            for field in self:
                saved = getattr(refusal.row, field.name, None)
                if field.name not in ABOUT_THE_FORM | self.elsewhere and saved != field.data:
                    self.theirs[field.name] = _in_words(saved)


def number_in(hidden: str | None) -> int:
    """What a hidden field carries of a row: its version or its id; -1 where somebody tampered with it."""
    number = whole_number(hidden)
    return -1 if number is None else number


def _file_names() -> Iterator[tuple[str, str]]:
    return ((name, file.filename or "") for name, file in request.files.items(multi=True))


def _cleaned(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else "" if value is None else value


def _on_one_line(value: Any) -> Any:
    """No browser sends a line break from a field of one line; whoever does would begin a header of a letter."""
    return " ".join(value.splitlines()) if isinstance(value, str) else value


def _problems_of(field: Any) -> Iterator[tuple[str, str]]:
    if hasattr(field, "entries") or hasattr(field, "form"):
        inner = field.entries if hasattr(field, "entries") else list(field.form)
        for part in inner:
            yield from _problems_of(part)
        own = [error for error in field.errors if isinstance(error, str)]
        yield from ((field.id, error) for error in own)
        return
    target = f"{field.id}-day" if isinstance(field, DayField) else field.id
    if field.type in {"RadioField", "BoxesField"}:
        target = f"{field.id}-0"
    yield from ((target, str(error)) for error in field.errors)


def _in_words(value: Any) -> str:
    if value is None or value == "":
        return "Nothing"
    if isinstance(value, Term):
        return value.label
    if isinstance(value, datetime):
        return f"{value:%d %B %Y, %H:%M}"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value)
