from __future__ import annotations

from app.web.drafted import DraftedForm, Kept
from app.web.fields import day, prose
from app.web.forms import CreatingForm
from app.web.uploads import several_files

MOST_FILES = 5


class AgreeForm(DraftedForm):
    kept_as = Kept("portal.agree", "Agreement to recommendation {number} of {reference}", words=("words",))

    words = prose(
        "Anything to add", hint="For example who will see to it. You may leave this empty.", most=4000
    )


class DisputeForm(DraftedForm):
    kept_as = Kept(
        "portal.dispute", "Why recommendation {number} of {reference} is disputed", words=("words",)
    )

    words = prose("Why do you dispute it?", required="Enter why you dispute it.")


class ProgressForm(DraftedForm):
    kept_as = Kept(
        "portal.report_progress", "Progress on recommendation {number} of {reference}", words=("words",)
    )

    words = prose("How far has it got?", required="Enter how far it has got.")


class SubmitForm(CreatingForm):
    claimed_done_on = day("On which day was it done?", required="Enter the day it was done.")
    words = prose("What do these files show?", required="Enter what they show.")
    files = several_files(
        "Files",
        required="Choose at least one file that shows it was done.",
        most=MOST_FILES,
        hint=f"Up to {MOST_FILES} files, 100 MB together.",
    )
