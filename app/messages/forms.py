from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.imaging.models import Whose
from app.messages.queries import Suggested
from app.web.fields import line, one_of, pick, prose
from app.web.forms import CaseworkForm


class DecideForm(CaseworkForm):
    whose = one_of("Whom is it about?", Whose, required="Select whom it is about.")
    reasons = prose(
        "How do you know?",
        hint="For example that the family name changed on marriage, and who confirmed it.",
        required="Enter how you know whom it is about.",
        most=4000,
    )


class AcceptForm(CaseworkForm):
    study_number = pick("In which examination?", {}, empty="None of these")
    study_name = line(
        "What is the examination called, if it is none of these?",
        hint="It is named now, as people call it. Leave empty for what belongs to the case as a whole.",
    )
    organisation_code = pick("At which organisation?", {}, empty="None of those in this case")
    body = line("Where else, if at none of those?", hint="A GP practice, a reporting company …")

    def __init__(
        self, suggested: Suggested, studies: Mapping[str, str], organisations: Mapping[str, str]
    ) -> None:
        drawn: dict[str, Any] = {
            "study_number": str(suggested.study.number) if suggested.study else "",
            "study_name": suggested.study_name,
            "organisation_code": suggested.organisation.code if suggested.organisation else "",
            "body": suggested.body,
        }
        super().__init__(data=drawn)
        self.study_number.choices = {"": "None of these", **studies}
        self.organisation_code.choices = {"": "None of those in this case", **organisations}
