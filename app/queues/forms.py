from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import HiddenField

from app.core.terms import Term
from app.web.fields import day, one_of, prose
from app.web.forms import CaseworkForm


class Then(Term):
    """What becomes of something that may come back today."""

    SETTLED = "settled", "It is dealt with: nobody needs to look again"
    LATER = "later", "Look again on another day"


class ReturnForm(CaseworkForm):
    was_on = HiddenField()
    then = one_of("What now?", Then, required="Select what becomes of it.")
    to_on = day("On which day?", hint="Only if somebody is to look again.")
    words = prose(
        "What was done?",
        required="Enter what was done.",
        hint="For example: they complained to us again, as SR-…; they were called and are content.",
        most=2000,
    )

    def __init__(self, diary_on: date | None) -> None:
        super().__init__()
        if not self.is_submitted():
            self.was_on.data = diary_on.isoformat() if diary_on else ""

    def validate(self, extra_validators: Any = None) -> bool:
        """Also that a day is given where somebody is to look again."""
        is_whole = super().validate(extra_validators)
        if self.then.data is Then.LATER and self.to_on.data is None and not self.to_on.errors:
            self.to_on.errors = ["Enter the day on which somebody is to look again."]
            return False
        return is_whole

    @property
    def shown_on(self) -> date:
        """The day that was shown when the form was drawn; one that never is, if it was tampered with."""
        try:
            return date.fromisoformat(self.was_on.data or "")
        except ValueError:
            return date.min
