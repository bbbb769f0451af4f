from __future__ import annotations

from app.web.fields import prose
from app.web.forms import CaseworkForm


class ReleaseForm(CaseworkForm):
    reasons = prose(
        "Why may it go out without having been scanned?",
        hint="For example that it was scanned elsewhere: by whom, and when.",
        required="Enter why it may go out.",
        most=4000,
    )
