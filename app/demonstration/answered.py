"""The tests of the law in the demonstration office, answered as a caseworker would."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.allegations.models import Allegation
from app.checks import discretion
from app.checks.answers import Given, answer_tests
from app.checks.facts import tests_of
from app.checks.models import Answer
from app.demonstration.cast import Cast
from app.reference.rows import LegalTest

#: Why a test is not met, by the test.
NOT_MET = {
    "time": "Nobody could say why it was not made sooner.",
    "exhausted": "The hospital has had the complaint for two months.",
}


def answered(session: Session, cast: Cast, allegation: Allegation, *, refusing: str = "") -> None:
    """Answer every test of the law; the one that is `refusing` is not met."""
    if refusing == "time":
        _decided_not_to_look(session, cast, allegation)
    given = {test.id: _answer_to(test, is_met=test.id != refusing) for test in tests_of(allegation)}
    answer_tests(session, allegation, actor=cast.caseworker, answers=given)


def _answer_to(test: LegalTest, *, is_met: bool) -> Given:
    option = {"remit": "nhs_body", "severity": "4"}.get(test.options, "")
    if is_met:
        note = "A claim for damages would not answer what went wrong." if test.always_say_why else ""
        return Given(answer=Answer.MET, option=option, note=note)
    return Given(answer=Answer.NOT_MET, option=option, note=NOT_MET[test.id])


def _decided_not_to_look(session: Session, cast: Cast, allegation: Allegation) -> None:
    discretion.open_discretion(
        session,
        allegation,
        actor=cast.caseworker,
        decider=cast.manager,
        for_looking="They waited for the hospital’s answer, which came late.",
        against_looking="The answer came ten months before they wrote to us, and two of the staff have left.",
    )
    discretion.decide(
        session,
        allegation,
        actor=cast.manager,
        is_exercised=False,
        reasons="The wait explains some of the delay, not the ten months after it.",
    )
