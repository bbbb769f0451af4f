from __future__ import annotations

from wtforms import HiddenField

from app.cases.models import Case
from app.core import clock
from app.decisions.actions import LONGEST_WINDOW, SHORTEST_WINDOW
from app.evidence.actions import parties_of
from app.reference.lists import clocks
from app.web.fields import day, pick, prose, whole
from app.web.forms import CaseworkForm, CreatingForm, EditingForm

COMPLAINANT = "complainant"


class ShareForm(CaseworkForm):
    window_days = whole(
        "How many working days do the parties have?",
        least=SHORTEST_WINDOW,
        most=LONGEST_WINDOW,
        required="Enter a number of working days.",
        default=lambda: clocks()["provisional_comments"].amount,
    )


class ReasonsForm(CaseworkForm):
    reasons = prose("Reasons", required="Enter the reasons.")


class ExtendForm(EditingForm):
    elsewhere = frozenset({"reasons", "due_on"})

    due_on = day("New last day for comments", required="Enter the new day.")
    reasons = prose("Reasons", required="Enter the reasons.")


class ApproveForm(CaseworkForm):
    """Says which proposal it was drawn from, so that nobody approves what they have not read."""

    proposal = HiddenField()


class CommentForm(CreatingForm):
    party = pick("Who commented?", {}, required="Select who commented.", radios=True)
    received_on = day("On which day did it reach us?", required="Enter the day.", default=clock.today)
    words = prose("What they said", required="Enter what they said.", most=100_000)

    def __init__(self, case: Case) -> None:
        super().__init__()
        parties = {party.code: party.name for party in parties_of(case)}
        self.party.choices = {COMPLAINANT: "The complainant", **parties}


class AnswerForm(EditingForm):
    answer = prose("What do we make of it, and what does it change?", required="Enter your answer.")
