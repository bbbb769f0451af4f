from __future__ import annotations

from typing import Any

from app.allegations.models import Allegation, Kind, KnowledgeSource, Precision
from app.reference import lists
from app.web.fields import boxes, day, line, one_of, pick, prose, yes_or_no
from app.web.forms import CreatingForm, EditingForm


class IssueFields:
    words = prose(
        "What is said to have gone wrong?",
        hint="One thing, in a sentence or two, without saying whose fault it was.",
        required="Enter what is said to have gone wrong.",
        most=4000,
    )
    kind = one_of("What kind of thing is it?", Kind, required="Select what kind of thing it is.")


class NewIssueForm(IssueFields, CreatingForm):
    pass


class IssueForm(IssueFields, EditingForm):
    pass


def _modalities(besides: str = "") -> dict[str, str]:
    offered = lists.offered_modalities(besides).values()
    return {modality.code: f"{modality.name} – {modality.code}" for modality in offered}


class FactFields:
    """When it happened, when the aggrieved first knew and how we know, and the kind of imaging."""

    event_on = day(
        "When did it happen?",
        hint="Leave the day empty if only the month is known, or day and month if only the year is.",
        partial=True,
    )
    event_about = yes_or_no("This is about the day, not exactly the day")
    event_disputed = yes_or_no("The date is disputed")
    knowledge_on = day(
        "When did the person aggrieved first know?",
        hint="The year of s.9(4) runs from this day, not from the scan.",
    )
    knowledge_source = one_of("How do we know when they knew?", KnowledgeSource)
    knowledge_note = line("Where it says so", hint="For example: letter of 3 March 2024, second paragraph.")
    complained_locally_on = day(
        "When did they complain to the organisation itself?",
        hint="It has six months from that day to answer.",
    )
    answered_locally_on = day("When did it give its final response?")
    organisation_reference = line(
        "The organisation’s own reference", hint="For the complaint, as its letters give it.", most=60
    )
    modality = pick("Kind of imaging", _modalities, empty="Not known", coerce=str)

    def facts(self) -> dict[str, Any]:
        """The answers as `set_facts` takes them."""
        fields: Any = self
        precision = fields.event_on.precision
        if precision is Precision.DAY and fields.event_about.data:
            precision = Precision.ABOUT
        return {
            "event_on": fields.event_on.data,
            "event_precision": precision,
            "event_disputed": fields.event_disputed.data,
            "knowledge_on": fields.knowledge_on.data,
            "knowledge_source": fields.knowledge_source.data,
            "knowledge_note": fields.knowledge_note.data,
            "complained_locally_on": fields.complained_locally_on.data,
            "answered_locally_on": fields.answered_locally_on.data,
            "organisation_reference": (fields.organisation_reference.data or "").upper(),
            "modality": fields.modality.data or "",
        }


class NewAllegationForm(FactFields, CreatingForm):
    @property
    def answers(self) -> dict[str, Any]:
        return self.facts()


class AllegationForm(FactFields, EditingForm):
    elsewhere = frozenset({"event_about"})

    def __init__(self, allegation: Allegation) -> None:
        super().__init__(allegation)
        self.modality.choices = {"": "Not known", **_modalities(allegation.modality)}
        if not self.is_submitted():
            self.event_on.show(allegation.event_on, allegation.event_precision)
            self.event_about.data = allegation.event_precision is Precision.ABOUT

    @property
    def answers(self) -> dict[str, Any]:
        return self.facts() | {"drawn_from": super().answers["drawn_from"]}


class CodesForm(EditingForm):
    codes = boxes("Which of these apply?", {})
    elsewhere = frozenset({"codes"})

    def __init__(self, allegation: Allegation, choices: dict[str, str]) -> None:
        super().__init__(allegation, data={"codes": [c.code for c in allegation.provisional_codes]})
        self.codes.choices = choices
