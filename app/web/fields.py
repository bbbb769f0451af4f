"""The fields forms are made of: each bounded, each with a sentence that says what to enter.

A field that must be answered is given `required`, the sentence that asks for the answer; a field
without one may be left empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import enum_choices, enum_coerce  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.terms import Term
from app.core.text import clean, in_a_sentence
from app.web.days import DayField

LINE, PROSE = 200, 20_000


def line(label: str, *, required: str | None = None, hint: str = "", most: int = LINE, **more: Any) -> Any:
    """One line of text."""
    return StringField(label, description=hint, validators=_text(label, required, most), **more)


def prose(label: str, *, required: str | None = None, hint: str = "", most: int = PROSE, **more: Any) -> Any:
    """Text of any length people write; `most` characters at the outside."""
    return TextAreaField(label, description=hint, validators=_text(label, required, most), **more)


def email_address(
    label: str, *, required: str | None = None, hint: str = "", also: Sequence[Any] = ()
) -> Any:
    """An e-mail address, which a browser helps to type; `also` are validators of more than its length."""
    return EmailField(label, description=hint, validators=[*_text(label, required, LINE), *also])


def one_of(label: str, terms: type[Term], *, required: str | None = None, hint: str = "", **more: Any) -> Any:
    """A choice between the members of a term, shown as radios."""
    return RadioField(
        label,
        description=hint,
        choices=enum_choices(terms, label=attrgetter("label")),
        coerce=_or_none(enum_coerce(terms)),
        validators=[_Answered(required)] if required else [Optional()],
        validate_choice=False,
        **more,
    )


def pick(
    label: str,
    choices: Mapping[Any, str] | Callable[[], Mapping[Any, str]],
    *,
    required: str | None = None,
    hint: str = "",
    coerce: Callable[[str], Any] = str,
    radios: bool = False,
    empty: str = "Choose one",
    **more: Any,
) -> Any:
    """A choice from a list whose members are data: `{value: words}`, or what gives them when drawn."""

    def drawn() -> dict[Any, str]:
        given = choices() if callable(choices) else choices
        return dict(given) if radios else {"": empty, **given}

    return (RadioField if radios else SelectField)(
        label,
        description=hint,
        choices=drawn,
        coerce=_or_none(coerce),
        validators=[_Answered(required)] if required else [Optional()],
        validate_choice=False,
        **more,
    )


def yes_or_no(label: str, *, hint: str = "", **more: Any) -> Any:
    """One box to tick."""
    return BooleanField(label, description=hint, **more)


def whole(
    label: str, *, least: int, most: int, required: str | None = None, hint: str = "", **more: Any
) -> Any:
    """A whole number between two others."""
    answered = [InputRequired(required)] if required else [Optional()]
    between = NumberRange(least, most, f"Enter a whole number from {least} to {most:,}.")
    return WholeField(label, description=hint, validators=[*answered, between], **more)


class WholeField(IntegerField):
    """A whole number; words get a sentence."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            self.data = int(valuelist[0]) if valuelist and valuelist[0].strip() else None
        except ValueError:
            self.data = None
            raise ValueError("Enter a whole number in figures.") from None
        if self.data is not None and abs(self.data) > 2**31 - 1:
            self.data = None
            raise ValueError("That number is too large.")


class BoxesField(SelectMultipleField):
    """A choice of any number, shown as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = [value for value in self.data or () if value is not None]


def boxes(
    label: str,
    choices: Mapping[Any, str] | Callable[[], Mapping[Any, str]],
    *,
    hint: str = "",
    required: str | None = None,
    coerce: Callable[[str], Any] = str,
    **more: Any,
) -> Any:
    """Any number of choices from a list whose members are data."""
    return BoxesField(
        label,
        description=hint,
        choices=lambda: dict(choices() if callable(choices) else choices),
        coerce=_or_none(coerce),
        validators=[_Answered(required)] if required else [Optional()],
        validate_choice=False,
        **more,
    )


def day(
    label: str, *, required: str | None = None, hint: str = "", partial: bool = False, **more: Any
) -> Any:
    """A day; see `DayField`."""
    validators = [_Answered(required)] if required else [Optional()]
    return DayField(label, description=hint, partial=partial, validators=validators, **more)


class ClockField(StringField):
    """A time of day such as 14:05, as a clock in London shows it. `data` is text; the form reads it."""


def clock_time(label: str, *, hint: str = "", **more: Any) -> Any:
    """A time of day, in hours and minutes."""
    return ClockField(label, description=hint, validators=[Optional(), _is_a_time], **more)


class _Answered:
    """That a choice or a day was answered with something of the list, or with a day that exists."""

    field_flags: dict[str, bool] = {}

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, _form: Any, field: Any) -> None:
        if field.errors:
            raise StopValidation
        if not field.data:
            raise StopValidation(self.sentence)


def _text(label: str, required: str | None, most: int) -> list[Any]:
    too_long = f"{in_a_sentence(label)} must be {most:,} characters or fewer."
    return [
        InputRequired(required) if required else Optional(),
        _not_blank(required),
        Length(max=most, message=too_long),
    ]


def _not_blank(required: str | None) -> Callable[[Any, Any], None]:
    def check(_form: Any, field: Any) -> None:
        if required and not field.data:
            raise StopValidation(required)

    return check


def _or_none(coerce: Callable[[str], Any]) -> Callable[[Any], Any]:
    """A value that is not of the list counts as no answer, and is asked for."""

    def read(value: Any) -> Any:
        if value is None or value == "":
            return None
        try:
            return coerce(clean(value) if isinstance(value, str) else value)
        except (ValueError, TypeError, KeyError):
            return None

    return read


def _is_a_time(_form: Any, field: Any) -> None:
    if not re.fullmatch("([01]?[0-9]|2[0-3])[:.][0-5][0-9]", field.data):
        raise ValidationError("Enter a time such as 14:05.")


def in_list(values: Iterable[Any]) -> Callable[[str], Any]:
    """A coercion that takes only these values, by how they are written."""
    known = {str(value): value for value in values}
    return lambda value: known[str(value)]
