"""The answers of the whole form: in words for whoever checks them, and as a complaint takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.core import clock
from app.front_door.actions import Told
from app.front_door.forms import ANSWERED, BY_NAME, PAGES, YES_NO, Page, PageForm
from app.people.actions import Particulars
from app.people.models import AdjustmentKind, ContactWay
from app.web.days import DayField
from app.web.forms import ABOUT_THE_FORM
from app.web.templating import long_date

#: By which page a form is judged: what people are told first, whatever they then do.
NOT_NHS = (
    "We can only look into care that the NHS in England paid for. You can still send the form, and we tell you who can"
    " help."
)
TOO_EARLY = (
    "The hospital or service must have the chance to answer first. You can still send the form: we may ask you to come"
    " back to us, and tell you when. If somebody’s health is in danger, call us."
)
LATE = (
    "The law asks people to come to us within a year. You can still send the form. Tell us, under “What happened”, why"
    " it took longer."
)


def filled(answers: Mapping[str, Any]) -> dict[str, PageForm]:
    """Every page by its name, as far as it was answered, with what is wrong with it."""
    forms = {page.name: page.form.of(answers.get(page.name, ())) for page in PAGES}
    for form in forms.values():
        form.validate()
    return forms


def unfinished(forms: Mapping[str, PageForm]) -> list[Page]:
    """The pages on which something is still to be answered."""
    return [BY_NAME[name] for name, form in forms.items() if form.errors]


def said(form: PageForm) -> Iterator[tuple[str, str]]:
    """Every question of a page with its answer in words, empty where there is none."""
    for field in form:
        if field.name not in ABOUT_THE_FORM:
            yield field.label.text, _in_words(field)


def advice(forms: Mapping[str, PageForm]) -> list[str]:
    """What somebody should know before they send it. It never holds them back."""
    answered_on = forms["answer"]["answered_on"].data
    given = []
    if forms["right_place"]["care"].data == "no":
        given.append(NOT_NHS)
    if forms["answer"]["answered"].data in {"waiting", "no"}:
        given.append(TOO_EARLY)
    if answered_on and (clock.today() - answered_on).days > 365:
        given.append(LATE)
    return given


def told_by(forms: Mapping[str, PageForm]) -> Told:
    """The whole form as a complaint takes it. It has no unfinished page."""
    you, who, contact = (forms[name].data for name in ("you", "who", "contact"))
    own = {name: you[name] for name in ("name", "email", "telephone", "address")}
    patient = {name: who[name] for name in ("nhs_number", "born_on", "died_on")}
    is_another = who["about"] == "another"
    return Told(
        narrative=_narrative(forms),
        wanted=forms["wanted"].data["wanted"],
        complainant=Particulars(**own) if is_another else Particulars(**own, **patient),
        affected=Particulars(name=who["affected_name"], **patient) if is_another else None,
        basis=who["basis"] if is_another else "",
        organisations=forms["organisation"].named,
        needs=_needs(forms["needs"]),
        contact_by=ContactWay(contact["contact_by"]),
        contact_note=contact["contact_note"],
        is_unsafe_to_contact=contact["is_unsafe_to_contact"],
    )


def _narrative(forms: Mapping[str, PageForm]) -> str:
    """Their own words, and under them what else the form asked that has no place of its own."""
    scan, answer = forms["scan"], forms["answer"]
    lines = {
        "When it happened": _in_words(scan["happened_on"]),
        "Scan or X-ray": _in_words(scan["imaging"]),
        "Paid for by the NHS in England": YES_NO[forms["right_place"]["care"].data].lower(),
        "Complained to the organisation": ANSWERED[answer["answered"].data].lower(),
        "Its last answer": _in_words(answer["answered_on"]),
    }
    told = "\n".join(f"{question}: {words}" for question, words in lines.items() if words)
    return f"{forms['what']['narrative'].data}\n\nThe other answers of the form:\n{told}"


def _needs(form: PageForm) -> list[tuple[AdjustmentKind, str]]:
    """What they need, with their words at “something else”, or else at the first of all."""
    kinds = [kind for kind in AdjustmentKind if kind.value in form["needs"].data]
    words = form["needs_words"].data
    if words and not kinds:
        return [(AdjustmentKind.OTHER, words)]
    told = AdjustmentKind.OTHER if AdjustmentKind.OTHER in kinds else next(iter(kinds), None)
    return [(kind, words if kind is told else "") for kind in kinds]


def _in_words(field: Any) -> str:
    if isinstance(field, DayField):
        return long_date(field.data, field.precision)
    if field.type in {"RadioField", "BoxesField"}:
        chosen = field.data if isinstance(field.data, list) else [field.data]
        return ", ".join(option.label.text for option in field if option.data in chosen)
    if field.type == "BooleanField":
        return "Yes" if field.data else ""
    return str(field.data or "")
