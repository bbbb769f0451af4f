from __future__ import annotations

from app.lineage.models import SuccessionKind
from app.web.fields import day, line, one_of, prose
from app.web.forms import CaseworkForm, CreatingForm, EditingForm


class SuccessionFields:
    kind = one_of("What happened?", SuccessionKind, required="Select what happened.")
    happened_on = day("On which day?", required="Enter the day it happened.")
    source = line(
        "Where do we have this from?",
        hint="For example: the order that made it, or a letter of the body.",
        required="Enter where we have this from.",
    )
    words = prose("What else is to be known", hint="For example: which functions went there.", most=2000)


class NewSuccessionForm(SuccessionFields, CreatingForm):
    pass


class SuccessionForm(SuccessionFields, EditingForm):
    pass


class NewMergeForm(CreatingForm):
    reasons = prose("How do you know that they are the same?", required="Enter how you know.", most=2000)


class WhyForm(CaseworkForm):
    reasons = prose("Why?", required="Enter why.", most=2000)
