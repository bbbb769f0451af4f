from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any, ClassVar

from app.reference.lists import timeline_kinds
from app.timeline.models import Exactness, Row
from app.web.fields import clock_time, day, line, one_of, pick, prose
from app.web.forms import CreatingForm, EditingForm


def _kinds() -> dict[str, str]:
    return {kind.key: kind.name for kind in timeline_kinds().values()}


class StudyForm(CreatingForm):
    name = line(
        "What is it called?",
        required="Enter what the examination is called.",
        hint="As people call it, with where: Chest X-ray, Eastmarch General.",
    )


class RowFields:
    """What a row says: shared by the form that records one and the one that changes it."""

    kind = pick("What happened?", _kinds, required="Select what happened.")
    study_number = pick("In which examination?", {}, empty="None: it is of the case as a whole")
    happened_on = day("On which day?", required="Enter the day.", hint="For a month, enter any day of it.")
    exactness = one_of("How exactly is that known?", Exactness, required="Select how exactly it is known.")
    at_time = clock_time(
        "At what time?", hint="As a clock in London showed it. Only if it is known to the minute."
    )
    until_on = day(
        "If it was searched for and not found: searched until which day?",
        hint="The day above is then the first of what was searched, such as an audit log. Leave empty if it happened.",
    )
    organisation_code = pick("At which organisation?", {}, empty="None of those in this case")
    body = line("Where else, if at none of those?", hint="A GP practice, a reporting company …")
    document_key = pick("Which document says so?", {}, empty="No source yet")
    page = line("Page or image", hint="As one would cite it: 3, 12–14, image 40.", most=40)
    words = prose("What does it say?", most=4000)
    disputed_by = line("Who disputes it, if anybody?")
    disputed_because = prose("Why do they dispute it?", most=4000)


class RowAnswers:
    """Reads the time as a time, and offers what the case has."""

    def offer(
        self, studies: Mapping[str, str], organisations: Mapping[str, str], documents: Mapping[str, str]
    ) -> None:
        form: Any = self
        for field, choices in (
            (form.study_number, studies),
            (form.organisation_code, organisations),
            (form.document_key, documents),
        ):
            field.choices = {"": dict(field.choices)[""], **choices}

    @property
    def answers(self) -> dict[str, Any]:
        given: dict[str, Any] = super().answers  # type: ignore[misc]
        for name in ("study_number", "organisation_code", "document_key"):
            del given[name]
        if written := given["at_time"]:
            hours, _, minutes = written.replace(".", ":").partition(":")
            return given | {"at_time": time(int(hours), int(minutes))}
        return given | {"at_time": None}


class RowForm(RowFields, RowAnswers, CreatingForm):
    pass


class ChangedRowForm(RowFields, RowAnswers, EditingForm):
    elsewhere: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, row: Row) -> None:
        super().__init__(row)
