from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from app.imaging.models import Whose
from app.messages.models import ProposedRow
from app.messages.moments import When, proposed_when
from app.messages.queries import Suggested
from app.timeline.models import Exactness
from app.web.fields import clock_time, day, line, one_of, pick, prose
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
        self,
        suggested: Suggested,
        studies: Mapping[str, str],
        organisations: Mapping[str, str],
        drawn: Mapping[str, Any] | None = None,
    ) -> None:
        values: dict[str, Any] = {
            "study_number": str(suggested.study.number) if suggested.study else "",
            "study_name": suggested.study_name,
            "organisation_code": suggested.organisation.code if suggested.organisation else "",
            "body": suggested.body,
        }
        super().__init__(data=values | dict(drawn or {}))
        self.study_number.choices = {"": "None of these", **studies}
        self.organisation_code.choices = {"": "None of those in this case", **organisations}

    @property
    def when(self) -> When | None:
        """What is said of when it happened; None for several rows, each of which keeps its own."""
        return None


class AcceptRowForm(AcceptForm):
    """For one row: when it happened is drawn as the message says, and can be put right."""

    happened_on = day("On which day?", required="Enter the day.", hint="For a month, enter any day of it.")
    exactness = one_of("How exactly is that known?", Exactness, required="Select how exactly it is known.")
    at_time = clock_time(
        "At what time?", hint="As a clock in London showed it. Only if it is known to the minute."
    )

    def __init__(
        self,
        proposal: ProposedRow,
        suggested: Suggested,
        studies: Mapping[str, str],
        organisations: Mapping[str, str],
    ) -> None:
        when = proposed_when(proposal)
        at = f"{when.at_time:%H:%M}" if when and when.at_time else ""
        drawn = {"happened_on": when.happened_on, "exactness": when.exactness, "at_time": at} if when else {}
        super().__init__(suggested, studies, organisations, drawn)

    @property
    def when(self) -> When | None:
        hours, _, minutes = (self.at_time.data or "").replace(".", ":").partition(":")
        at = time(int(hours), int(minutes)) if hours else None
        return When(self.happened_on.data, self.exactness.data, at)
