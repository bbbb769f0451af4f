from __future__ import annotations

from collections.abc import Mapping

from app.concerns.models import Concern
from app.web.fields import line, pick, prose
from app.web.forms import CreatingForm, EditingForm


class ConcernForm(CreatingForm):
    about = prose("What is it about?", required="Enter what it is about.")
    why_outside = prose(
        "Why is it not ours to look into?", required="Enter why it is outside our scope.", most=4000
    )
    organisation = line(
        "Code of the organisation, if it is about one", most=12, hint="As on the page of the organisation."
    )
    complaint = line("Reference of the complaint in which it came up, if it did", most=20)


class ConsiderForm(EditingForm):
    consideration = prose("What do you make of it?", required="Enter what you make of it.", most=10_000)

    def __init__(self, concern: Concern) -> None:
        super().__init__(concern)


class PassOnForm(EditingForm):
    passed_to = line("To whom was it passed on?", required="Enter to whom it was passed on.")
    reasons = prose("Why, and by what right?", required="Enter why it was passed on.", most=10_000)

    def __init__(self, concern: Concern) -> None:
        super().__init__(concern)


class NoActionForm(EditingForm):
    reasons = prose(
        "Why is nothing further done?", required="Enter why nothing further is done.", most=10_000
    )

    def __init__(self, concern: Concern) -> None:
        super().__init__(concern)


class ReaderForm(CreatingForm):
    account = pick("Who should know?", {}, required="Select who should know.")

    def __init__(self, staff: Mapping[str, str]) -> None:
        super().__init__()
        self.account.choices = {"": "Choose one", **staff}
