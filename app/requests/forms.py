from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import request
from wtforms import HiddenField

from app.core.errors import Overtaken, RuleBroken
from app.reference.lists import clocks, requested_items
from app.requests.models import MISSING, EvidenceRequest, Extent, ItemState, RequestItem
from app.web.days import DayField
from app.web.fields import boxes, day, in_list, line, one_of, pick, prose, whole
from app.web.forms import CaseworkForm, CreatingForm, EditingForm, number_in

#: Beyond a quarter of a year, nobody would call it asking.
MOST_DAYS = 60


def _offered() -> dict[str, str]:
    return {item.key: item.name for item in requested_items().values() if not item.ended}


class RequestFields:
    """What a request says: shared by the form that drafts one and the one that changes it."""

    kinds = boxes("What do we ask for?", _offered)
    own = prose("Anything else?", hint="In your own words, one item in each line.", most=20_000)
    words = prose("What is to be said before the items?", hint="May be left empty.", most=4000)
    working_days = whole(
        "How many working days do they have?",
        least=1,
        most=MOST_DAYS,
        required="Enter how many working days they have.",
        default=lambda: clocks()["evidence_request"].amount,
    )
    addressed_to = line(
        "To whom is it addressed?",
        hint="Leave empty for the link officer, as long as we know of one when it goes out.",
    )


class RequestForm(RequestFields, CreatingForm):
    def __init__(self, usual: Sequence[str]) -> None:
        super().__init__(data={"kinds": list(usual)})


class ChangedRequestForm(RequestFields, EditingForm):
    elsewhere: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, request: EvidenceRequest) -> None:
        super().__init__(request)
        listed = requested_items()
        ended = {kind: listed[kind].name for kind in request.kinds if kind in listed and listed[kind].ended}
        self.kinds.choices = {**_offered(), **ended}


class _Outgoing(CreatingForm):
    """Sends what was read: if the request is saved by someone else meanwhile, it is to be read again."""

    drawn_from = HiddenField()

    def __init__(self, request: EvidenceRequest, **more: Any) -> None:
        super().__init__(**more)
        if not self.drawn_from.raw_data:
            self.drawn_from.data = str(request.version)

    @property
    def answers(self) -> dict[str, Any]:
        return super().answers | {"drawn_from": number_in(self.drawn_from.data)}

    def refuse(self, refusal: RuleBroken) -> None:
        super().refuse(refusal)
        if isinstance(refusal, Overtaken):
            self.drawn_from.data = str(refusal.row.version)


class LetterForm(_Outgoing):
    """The days that a letter gives, and what is said in it besides."""

    words = prose("What else is to be said?", hint="May be left empty.", most=4000)
    working_days = whole(
        "How many working days do they have?",
        least=1,
        most=MOST_DAYS,
        required="Enter how many working days they have.",
    )

    def __init__(self, request: EvidenceRequest, *, is_first: bool) -> None:
        days = request.working_days if is_first else clocks()["evidence_chaser"].amount
        super().__init__(request, data={"working_days": days, "words": request.words if is_first else ""})


class MemoForm(_Outgoing):
    words = prose(
        "Why should it be certified to the High Court?",
        required="Enter why it should be certified.",
        most=10_000,
    )


class SettleForm(EditingForm):
    elsewhere: ClassVar[frozenset[str]] = frozenset({"state"})
    state = pick(
        "What did they say of it?",
        {
            ItemState.NOT_HELD: "They do not hold it",
            ItemState.REFUSED: "They refuse to supply it",
            ItemState.OUTSTANDING: "Neither: it is wanted after all",
        },
        coerce=in_list([*sorted(MISSING), ItemState.OUTSTANDING]),
        required="Select what they said.",
        radios=True,
    )
    explanation = prose(
        "How do they explain it?",
        hint="In their words, with who said so and when. If it is wanted after all: why.",
        required="Enter how they explain it.",
        most=4000,
    )


class AnswerFields:
    """What came is in answer to which items: part of the forms by which something comes."""

    in_answer_to = boxes(
        "Which items of our requests is it in answer to?",
        {},
        hint="Leave all empty if it is in answer to none.",
    )
    extent = one_of("If to any: is that all of what was asked for?", Extent)
    in_force_from = day(
        "If it is a policy: from which day was it in force?",
        hint="As it says itself, or as the organisation says. Leave empty if nobody says.",
    )
    in_force_until = day(
        "Until which day was it in force?", hint="Its last day. Leave empty if no end is known."
    )

    def offer_items(self, items: Mapping[str, RequestItem]) -> None:
        """Ask only where something was asked for, and of days only where they matter; but read what was sent:
        the same form sent twice is the same, although the first has answered what it was about."""
        form: Any = self
        form.in_answer_to.choices = {place: words_of(item) for place, item in items.items()}
        days = any(f"in_force_from-{part}" in request.form for part in DayField.PARTS)
        if not items and not {"in_answer_to", "extent"} & set(request.form):
            del form.in_answer_to, form.extent
        if not days and not any(item.asks_in_force for item in items.values()):
            del form.in_force_from, form.in_force_until

    def taken_out(self, answers: dict[str, Any]) -> dict[str, Any]:
        """The answers without those to these questions, for the action that takes in what came."""
        return {name: answer for name, answer in answers.items() if name not in _ABOUT_ITEMS}

    def chosen(self, items: Mapping[str, RequestItem]) -> dict[str, Any]:
        """The answers to these questions, as `answers.answer` takes them. Raises `RuleBroken` for what is not
        offered, or no more."""
        form: Any = self
        given = {name: form.data.get(name) for name in _ABOUT_ITEMS}
        places = given.pop("in_answer_to") or ()
        if any(place not in items for place in places):
            raise RuleBroken("One of these is here or explained by now. Select again.", field="in_answer_to")
        return {**given, "items": [items[place] for place in places]}


_ABOUT_ITEMS = ("in_answer_to", "extent", "in_force_from", "in_force_until")


class AnswerForm(AnswerFields, CreatingForm):
    """Which items something that is here already is in answer to."""

    def __init__(self, items: Mapping[str, RequestItem]) -> None:
        super().__init__()
        self.offer_items(items)


class AnswerItemForm(CreatingForm):
    """Which of the documents that are here already one item is answered by."""

    document_key = pick("Which document is it answered by?", {}, required="Select a document.")
    extent = one_of(
        "Is that all of what was asked for?",
        Extent,
        required="Say whether that is all of what was asked for.",
    )
    in_force_from = AnswerFields.in_force_from
    in_force_until = AnswerFields.in_force_until

    def __init__(self, item: RequestItem, documents: Mapping[str, str]) -> None:
        super().__init__()
        self.document_key.choices = {"": "Choose one", **documents}
        if not item.asks_in_force:
            del self.in_force_from, self.in_force_until


class TakeBackForm(CaseworkForm):
    reasons = prose("Why is it no answer to this item?", required="Enter why.", most=4000)


def words_of(item: RequestItem) -> str:
    """An item among those of several requests, short enough for a list of boxes."""
    about = f"Request {item.request.number} to {item.request.organisation.name}, item {item.number}"
    state = "" if item.state is ItemState.OUTSTANDING else f" ({item.state.label.lower()})"
    return f"{about}: {item.called[:120]}{state}"
