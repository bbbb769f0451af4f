from __future__ import annotations

from typing import Any

from app.doubles.actions import NONE, Undecided, Weighed
from app.doubles.queries import Offer
from app.web.fields import pick


class WhoFields:
    """Who somebody is, among those we know. Asked only where there is somebody to ask about."""

    complainant_is = pick("Who is it?", {}, radios=True)

    #: What is asked; nothing until the action has found something.
    offer: Offer | None = None

    def refuse(self, refusal: Any) -> None:
        if not isinstance(refusal, Undecided):
            super().refuse(refusal)  # type: ignore[misc]
            return
        self.offer = refusal.offer
        for name, sentence in refusal.asked.items():
            field = self[name]  # type: ignore[index]
            field.errors = [*field.errors, sentence]

    @property
    def weighed(self) -> Weighed:
        return Weighed(complainant=self.complainant_is.data or "")


class WeighingFields(WhoFields):
    """The same for both people in a complaint, and whether the complaint itself is here already."""

    affected_is = pick("Who is the person affected?", {}, radios=True)
    same_as = pick("Have we this complaint already?", {}, radios=True)
    contact_is = pick("Did it begin with an enquiry?", {}, radios=True)

    @property
    def weighed(self) -> Weighed:
        return Weighed(
            complainant=self.complainant_is.data or "",
            affected=self.affected_is.data or "",
            same=self.same_as.data or "",
            contact=self.contact_is.data or "",
        )

    @property
    def is_the_same(self) -> bool:
        return self.weighed.same not in {"", NONE}
