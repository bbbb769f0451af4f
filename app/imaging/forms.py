from __future__ import annotations

from app.imaging.models import Whose
from app.web.fields import one_of, prose
from app.web.forms import CaseworkForm


class DecideForm(CaseworkForm):
    whose = one_of("Whose study is it?", Whose, required="Select whose study it is.")
    reasons = prose(
        "How do you know?",
        hint="For example that the family name changed on marriage, and who confirmed it.",
        required="Enter how you know whose it is.",
        most=4000,
    )
