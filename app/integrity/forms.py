from __future__ import annotations

from collections.abc import Mapping

from app.web.fields import pick, prose
from app.web.forms import CaseworkForm


class SettleForm(CaseworkForm):
    file = pick("Which file have you seen to?", {}, required="Select which file you have seen to.")
    settlement = prose(
        "What was done, and why is that enough?",
        hint="For example: put back from the backup of 3 March, and hashed again.",
        required="Enter what was done.",
        most=4000,
    )

    def __init__(self, files: Mapping[str, str]) -> None:
        super().__init__()
        self.file.choices = dict(files)
