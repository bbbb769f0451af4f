from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core import clock
from app.evidence.models import CopyKind, Supplier, Way
from app.receiving.models import Unit
from app.requests.forms import AnswerFields
from app.requests.models import RequestItem
from app.web.fields import day, line, one_of, pick, whole
from app.web.forms import CreatingForm
from app.web.uploads import several_files

MOST_AT_ONCE = 50


class DeliveryForm(AnswerFields, CreatingForm):
    label = line(
        "What came?",
        required="Enter what came.",
        hint="In its own words, if it has any. For example: Disc “CT chest, 2 studies”.",
    )
    supplier = one_of("Who supplied it?", Supplier, required="Select who supplied it.")
    organisation = pick("Which organisation, if one did?", {})
    supplied_on = day(
        "On which day did it reach us?", required="Enter the day it reached us.", default=clock.today
    )
    way = one_of("How did it reach us?", Way, required="Select how it reached us.")
    copy_kind = one_of("Are these originals or copies?", CopyKind, required="Select original or copy.")
    declared = whole(
        "How many does its label say are in it?",
        least=0,
        most=100_000,
        hint="Leave empty if it does not say.",
    )
    unit = one_of("Of what?", Unit)
    supplements = pick("Does it complete an earlier delivery?", {})

    def __init__(
        self, parties: Mapping[str, str], earlier: Mapping[str, str], items: Mapping[str, RequestItem]
    ) -> None:
        super().__init__()
        self.offer_items(items)
        self.organisation.choices = {"": "No organisation", **parties}
        self.supplements.choices = {"": "No", **earlier}

    @property
    def answers(self) -> dict[str, Any]:
        given = self.taken_out(super().answers)
        del given["organisation"], given["supplements"]
        return given


class FilesForm(CreatingForm):
    files = several_files(
        "Files",
        required="Choose a file.",
        most=MOST_AT_ONCE,
        hint="Each is kept as it is, byte for byte. Together up to 100 MB at once.",
    )
