from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from wtforms import HiddenField

from app.accounts.models import Account
from app.allegations.models import Allegation, CheckOutcome, InitialCheck, KnowledgeSource
from app.checks.answers import Given, Tested, options_of
from app.checks.models import Answer, Discretion, TestAnswer
from app.core import clock
from app.core.errors import Overtaken, RuleBroken
from app.reference.lists import legal_tests
from app.reference.rows import LegalTest
from app.web.drafted import DraftedForm, Kept
from app.web.fields import boxes, day, in_list, line, one_of, pick, prose, yes_or_no
from app.web.forms import CaseworkForm, CreatingForm, EditingForm, number_in

WAYS = {"yes": "Look into it all the same", "no": "Do not look into it"}


class TestsForm(EditingForm):
    """Three fields for each test of the list: `<test>_answer`, `<test>_option` and `<test>_note`.

    Those of tests that are not asked of the allegation are taken out.
    """

    __test__ = False

    def __init__(self, allegation: Allegation, asked: list[Tested]) -> None:
        drawn: dict[str, Any] = {}
        for one in asked:
            if one.last:  # of an answer that no longer stands, what was said is still worth reading
                drawn[f"{one.test.id}_option"] = one.last.option
                drawn[f"{one.test.id}_note"] = one.last.note
            if one.standing:
                drawn[f"{one.test.id}_answer"] = one.standing.answer
        self._tested = asked
        self._asked = [one.test for one in asked]
        super().__init__(allegation, data=drawn)
        for test in legal_tests().values():
            if test not in self._asked:
                for name in _names(test):
                    del self[name]

    def validate(self, extra_validators: Any = None) -> bool:
        """A note, or a choice from the list, belongs to an answer: it is not dropped without a word."""
        whole = super().validate(extra_validators)
        for test in self._asked:
            answer, more = self[f"{test.id}_answer"], [self[name] for name in _names(test)[1:]]
            drawn = {field.name: field.object_data or "" for field in more}
            if answer.data is None and any((field.data or "") != drawn[field.name] for field in more):
                answer.errors = [*answer.errors, "Choose the answer this goes with."]
                whole = False
        return whole

    def refuse(self, refusal: RuleBroken) -> None:
        """What somebody else answered meanwhile stands beside what was answered here, test by test."""
        super().refuse(refusal)
        if isinstance(refusal, Overtaken):
            self.theirs = {}
            for one in self._tested:
                if one.standing:
                    self._show_theirs(one, one.standing)

    def _show_theirs(self, one: Tested, stands: TestAnswer) -> None:
        kept = stands.answer, stands.option, stands.note
        words = one.words_of(stands), one.option_of(stands), stands.note
        for part, saved, said in zip(("answer", "option", "note"), kept, words, strict=True):
            field = self._fields.get(f"{one.test.id}_{part}")
            if field is not None and said and (field.data or "") != saved:
                self.theirs[field.name] = said

    @property
    def answers(self) -> dict[str, Any]:
        said = super().answers
        given = {
            test.id: Given(
                answer=said[f"{test.id}_answer"],
                option=said.get(f"{test.id}_option") or "",
                note=said[f"{test.id}_note"],
            )
            for test in legal_tests().values()
            if said.get(f"{test.id}_answer")
        }
        return {"drawn_from": said["drawn_from"], "answers": given}


def _names(test: LegalTest) -> list[str]:
    return [f"{test.id}_answer", *([f"{test.id}_option"] if test.options else []), f"{test.id}_note"]


def _answers_to(test: LegalTest) -> dict[str, str]:
    words = {answer: str(getattr(test, answer.value)) for answer in Answer}
    return {answer.value: said for answer, said in words.items() if said}


for _test in legal_tests().values():
    setattr(
        TestsForm,
        f"{_test.id}_answer",
        pick(_test.question, _answers_to(_test), coerce=in_list(Answer), radios=True),
    )
    if _test.options:
        setattr(TestsForm, f"{_test.id}_option", pick("Which of these?", partial(options_of, _test)))
    setattr(TestsForm, f"{_test.id}_note", prose("Why", most=4000))


class KnownForm(CreatingForm):
    known_on = day("On which day may they first have known?", required="Enter the day.")
    source = one_of("What says so?", KnowledgeSource, required="Select what says so.")
    note = line("Where it says so", hint="For example: letter of 3 March 2024, second paragraph.")
    is_disputed = yes_or_no("This day is disputed")


class ChooseForm(EditingForm):
    known = pick("From which day?", {}, radios=True, required="Choose the day the year is counted from.")
    reasons = prose("Why this day?", required="Enter why the year is counted from this day.", most=4000)

    def __init__(self, allegation: Allegation, chosen: str) -> None:
        super().__init__(allegation, data={"known": chosen})
        self.known.choices = [
            (str(day.id), f"{day.known_on.day} {day.known_on:%B %Y}: {day.source.label}")
            for day in allegation.known_dates
            if not day.is_chosen
        ]


class DiscretionForm(DraftedForm):
    kept_as = Kept(
        "checks.open_discretion",
        "Whether to look into allegation {number} of {reference}",
        words=("for_looking", "against_looking"),
    )

    for_looking = prose(
        "What speaks for looking into it all the same?",
        required="Enter what speaks for it.",
        hint="Illness, grief, waiting for the organisation’s answer, what could still be learned …",
    )
    against_looking = prose(
        "What speaks against?",
        required="Enter what speaks against it.",
        hint="Records or memories that are gone, no reason for the delay, little that could be put right …",
    )
    decider = pick("Who decides?", {}, required="Name who decides.")

    def __init__(self, deciders: list[Account]) -> None:
        super().__init__()
        self.decider.choices = {"": "Choose one", **{one.key: _there(one) for one in deciders}}


def _there(account: Account) -> str:
    away = account.absence_on(clock.today())
    return f"{account.name} (away until {away.to_on.day} {away.to_on:%B})" if away else account.name


class DiscretionDecisionForm(EditingForm, DraftedForm):
    """Carries which discretion it was drawn from: on changed dates another may have been opened since."""

    kept_as = Kept(
        "checks.decide_discretion",
        "Decision whether to look into allegation {number} of {reference}",
        words=("reasons",),
    )
    way = pick("What do you decide?", WAYS, radios=True, required="Select what you decide.")
    reasons = prose("Reasons", required="Enter the reasons for the decision.")
    which = HiddenField()
    elsewhere = frozenset({"way", "which"})

    def __init__(self, discretion: Discretion | None) -> None:
        super().__init__(discretion)
        if not self.which.raw_data:
            self.which.data = str(discretion.id if discretion else 0)

    def refuse(self, refusal: RuleBroken) -> None:
        super().refuse(refusal)
        if isinstance(refusal, Overtaken):
            self.which.data = str(refusal.row.id)

    @property
    def answers(self) -> dict[str, Any]:
        said = super().answers
        return {
            "drawn_from": said["drawn_from"],
            "which": number_in(said["which"]),
            "is_exercised": said["way"] == "yes",
            "reasons": said["reasons"],
        }


class DecideForm(EditingForm, DraftedForm):
    kept_as = Kept(
        "checks.decide",
        "Initial check of allegation {number} of {reference}",
        words=("reasons", "signposted_to"),
    )

    outcome = one_of("What do you decide?", CheckOutcome, required="Select what you decide.")
    reasons = prose(
        "Reasons",
        hint="The complainant reads these if the allegation is not accepted: s.14(2) of the Act.",
        required="Enter the reasons for the decision.",
    )
    signposted_to = line(
        "Who can help them instead?", hint="If you signpost: who, and how to reach them.", most=500
    )
    back_on = day(
        "From which day on may they come back to us?",
        hint="If you signpost because it is too early. It goes into the diary.",
    )
    joined_to = line(
        "Reference of the other complaint",
        hint="If it is joined to a complaint about the same thing.",
        most=20,
    )
    elsewhere = frozenset({"outcome", "reasons", "signposted_to", "back_on", "joined_to"})


class SentForm(CaseworkForm):
    """Which reasons went out on a day: all that wait, unless it is said otherwise."""

    allegations = boxes(
        "Which reasons were sent on that day?",
        {},
        coerce=number_in,
        required="Select the allegations whose reasons were sent.",
        hint="Of the others you record another day later.",
    )
    sent_on = day("On which day were the reasons sent?", required="Enter the day.", default=clock.today)

    def __init__(self, waiting: Sequence[InitialCheck]) -> None:
        super().__init__(data={"allegations": [str(check.allegation.number) for check in waiting]})
        if not waiting:
            del self.allegations
            return
        self.allegations.choices = [
            (str(check.allegation.number), f"Allegation {check.allegation.number}: {_decided(check)}")
            for check in waiting
        ]


def _decided(check: InitialCheck) -> str:
    return f"{check.allegation.organisation.name}, {check.outcome.label.lower()}"
