from __future__ import annotations

from collections.abc import Mapping

from app.casefile.models import LinkKind, OpeningKind, ProceedingKind
from app.web.drafted import DraftedForm, Kept
from app.web.fields import day, line, one_of, pick, prose
from app.web.forms import CaseworkForm, CreatingForm, EditingForm


class NoteForm(DraftedForm):
    kept_as = Kept("casefile.write_note", "Note on {reference}", words=("words",))

    words = prose("Note", required="Enter the note.", hint="It stays as it is written: nobody can change it.")


class LinkForm(CreatingForm):
    to = line(
        "Reference of the other complaint or case", required="Enter the reference of the other one.", most=20
    )
    kind = one_of(
        "What has this one to do with it?", LinkKind, required="Select what they have to do with each other."
    )
    words = prose("In a few words", most=2000)


class ProceedingFields:
    """What is known of a proceeding: shared by the form that records one and the one that changes it."""

    kind = one_of("What kind is it?", ProceedingKind, required="Select what kind it is.")
    body = line("Before whom", hint="A coroner, a court, a regulator …", required="Enter before whom it is.")
    their_reference = line("Their reference", most=100)
    began_on = day("When did it begin?", hint="Leave empty if it is not known.")
    expected_on = day("When is something expected next?", hint="A hearing, a report, a judgment …")
    ended_on = day("When did it end?", hint="Leave empty while it goes on.")
    words = prose("What is known of it")


class ProceedingForm(ProceedingFields, CreatingForm):
    pass


class ChangedProceedingForm(ProceedingFields, EditingForm):
    pass


class StayForm(CaseworkForm):
    proceeding = pick("Because of which proceeding?", {}, required="Select a proceeding.", radios=True)
    review_on = day("When is the stay looked at again?", required="Enter the day to look again.")
    reasons = prose("Reasons", required="Enter the reasons.")

    def __init__(self, running: Mapping[int, str]) -> None:
        super().__init__()
        self.proceeding.choices = {str(number): called for number, called in running.items()}


class KeepStayedForm(CaseworkForm):
    review_on = day("When is the stay looked at again?", required="Enter the day to look again.")
    reasons = prose("Why it still has to wait", required="Enter the reasons.")


class WhyForm(CaseworkForm):
    kind = one_of("Why do you open it?", OpeningKind, required="Select why you open it.")
    words = line("In a few words", hint="Needed if it is something else.")
