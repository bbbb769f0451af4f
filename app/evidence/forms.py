from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from app.core import clock
from app.core.text import whole_number
from app.evidence.models import CopyKind, Following, Supplier, Way, Weight
from app.requests.forms import AnswerFields
from app.requests.models import RequestItem
from app.web.fields import day, line, one_of, pick, prose, whole, yes_or_no
from app.web.forms import CaseworkForm, CreatingForm
from app.web.uploads import one_file

if TYPE_CHECKING:
    from app.allegations.models import Allegation


class DocumentForm(AnswerFields, CreatingForm):
    file = one_file(
        "File", required="Choose a file.", hint="It is kept as it is, byte for byte. Up to 100 MB."
    )
    title = line(
        "What is it?", required="Enter what it is.", hint="For example: CT report of 3 May 2023, final."
    )
    supplier = one_of("Who supplied it?", Supplier, required="Select who supplied it.")
    organisation = pick("Which organisation, if one did?", {})
    supplied_on = day(
        "On which day did it reach us?", required="Enter the day it reached us.", default=clock.today
    )
    way = one_of("How did it reach us?", Way)
    copy_kind = one_of("Is it the original or a copy?", CopyKind, required="Select original or copy.")
    document_on = day("Which date does it bear?", hint="Leave empty if it bears none.")
    pages = whole("Number of pages", least=1, most=100_000, hint="Leave empty if it has none.")

    def __init__(self, parties: dict[str, str], items: Mapping[str, RequestItem]) -> None:
        super().__init__()
        self.organisation.choices = {"": "No organisation", **parties}
        self.offer_items(items)

    @property
    def answers(self) -> dict[str, Any]:
        given = self.taken_out(super().answers)
        del given["file"], given["organisation"]
        return given


class RowLinkForm(CreatingForm):
    allegation = pick(
        "Which allegation does it bear upon?", {}, required="Select an allegation.", radios=True
    )
    note = prose("What does it show?", required="Enter what it shows.", most=4000)
    weight = one_of("What does it do for the allegation?", Weight, required="Select what it does.")
    reason = prose(
        "Why?",
        required="Enter why it has that weight.",
        hint="Why it supports the allegation, speaks against it, or is only context.",
        most=4000,
    )

    def __init__(self, allegations: Iterable[Allegation], **given: Any) -> None:
        super().__init__(data=given)
        self.allegation.choices = {
            str(one.number): f"{one.number}. {one.issue.words[:120]} ({one.organisation.name})"
            for one in allegations
        }

    @property
    def number(self) -> int:
        """The number of the allegation that was selected; 0 if none was."""
        return whole_number(self.allegation.data, figures=5) or 0

    @property
    def answers(self) -> dict[str, Any]:
        given = super().answers
        del given["allegation"]
        return given


class LinkForm(RowLinkForm):
    page = line(
        "Page or image", hint="As one would cite it: 3, 12–14, image 40. Leave empty for the whole.", most=40
    )


class ShowForm(CaseworkForm):
    original_is_meant = yes_or_no("I mean the original, in which nothing is blacked out")


class DiscloseForm(ShowForm):
    organisation = pick("To which organisation?", {}, required="Select an organisation.", radios=True)

    def __init__(self, parties: dict[str, str]) -> None:
        super().__init__()
        self.organisation.choices = parties


class WithdrawForm(CaseworkForm):
    reasons = prose("Why is it withdrawn?", required="Enter why it is withdrawn.", most=4000)


class FollowForm(CaseworkForm):
    earlier = pick("Which document does it follow?", {}, required="Select the earlier document.")
    following = one_of("What is it to that one?", Following, required="Select what it is to that one.")

    def __init__(self, earlier: dict[str, str]) -> None:
        super().__init__()
        self.earlier.choices = {"": "Choose one", **earlier}
