from __future__ import annotations

from typing import Any

from app.accounts.models import Account
from app.allegations.models import Allegation, CheckOutcome, KnowledgeSource
from app.checks.answers import Given, Tested, options_of
from app.checks.models import Answer, Discretion
from app.core import clock
from app.reference.lists import LegalTest, legal_tests
from app.web.fields import day, in_list, line, one_of, pick, prose, whole, yes_or_no
from app.web.forms import CaseworkForm, CreatingForm, EditingForm

WAYS = {"yes": "Look into it all the same", "no": "Do not look into it"}


class TestsForm(EditingForm):
    """Three fields for each test of the list: `<test>_answer`, `<test>_option` and `<test>_note`.

    Those of tests that are not asked of the allegation are taken out.
    """

    __test__ = False

    def __init__(self, allegation: Allegation, asked: list[Tested]) -> None:
        given = {one.test.id: one.standing for one in asked if one.standing}
        drawn: dict[str, Any] = {}
        for name, standing in given.items():
            drawn |= {
                f"{name}_answer": standing.answer,
                f"{name}_option": standing.option,
                f"{name}_note": standing.note,
            }
        super().__init__(allegation, data=drawn)
        asked_of = {one.test.id for one in asked}
        for test in legal_tests().values():
            if test.id not in asked_of:
                for name in _names(test):
                    del self[name]

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
        setattr(TestsForm, f"{_test.id}_option", pick("Which of these?", options_of(_test)))
    setattr(TestsForm, f"{_test.id}_note", prose("Why", most=4000))


class KnownForm(CreatingForm):
    known_on = day("On which day may they first have known?", required="Enter the day.")
    source = one_of("What says so?", KnowledgeSource, required="Select what says so.")
    note = line("Where it says so", hint="For example: letter of 3 March 2024, second paragraph.")
    is_disputed = yes_or_no("This day is disputed")


class ChooseForm(EditingForm):
    day = whole("Number of the day", least=1, most=99, required="Choose the day the year is counted from.")
    reasons = prose("Why this day?", required="Enter why the year is counted from this day.", most=4000)


class DiscretionForm(CreatingForm):
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
        self.decider.choices = {"": "Choose one", **{one.key: one.name for one in deciders}}


class DiscretionDecisionForm(EditingForm):
    way = pick("What do you decide?", WAYS, radios=True, required="Select what you decide.")
    reasons = prose("Reasons", required="Enter the reasons for the decision.")
    elsewhere = frozenset({"way"})

    def __init__(self, discretion: Discretion | None) -> None:
        super().__init__(discretion)

    @property
    def answers(self) -> dict[str, Any]:
        said = super().answers
        return {
            "drawn_from": said["drawn_from"],
            "is_exercised": said["way"] == "yes",
            "reasons": said["reasons"],
        }


class DecideForm(CreatingForm):
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


class SentForm(CaseworkForm):
    sent_on = day("On which day were the reasons sent?", required="Enter the day.", default=clock.today)
