"""The answers to the tests of the law: what may be answered, what stands, and what is still open.

An answer was given on facts. When a date is changed and the rules compute something else, the answer
no longer stands and is asked for again; it stays as a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.allegations.models import Allegation, CheckOutcome
from app.audit.record import record
from app.checks import discretion
from app.checks.events import AllegationTested
from app.checks.facts import Facts, facts_of, tests_of
from app.checks.models import Answer, TestAnswer
from app.complaints.models import Complaint
from app.core.errors import RuleBroken
from app.policy import Permission
from app.reference.lists import remit, severity_bands, version_of
from app.reference.rows import LegalTest

#: From this level of severity on the office takes a complaint forward without a further reason.
SERIOUS = 3


@dataclass(frozen=True, kw_only=True)
class Given:
    """What somebody answers to one test."""

    answer: Answer
    option: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Tested:
    """One test of an allegation with the facts it is answered from and the last answer it was given."""

    test: LegalTest
    facts: Facts | None
    #: Every answer it was given, the first first: each later one stands instead of those before it.
    given: Sequence[TestAnswer] = ()

    @property
    def last(self) -> TestAnswer | None:
        return self.given[-1] if self.given else None

    @property
    def overtaken(self) -> Sequence[TestAnswer]:
        """The answers that do not stand, the newest first: given before another, or on what has changed since."""
        return [one for one in reversed(self.given) if one is not self.standing]

    @property
    def is_stale(self) -> bool:
        """Whether it was answered on facts that are no longer computed, or that time has overtaken.

        What was answered before anything was computed for it rests on the papers, and stands.
        """
        if self.last is None or self.facts is None or not self.last.facts:
            return False
        is_refused = self.last.answer is Answer.NOT_MET
        return not self.facts.are(self.last.facts) or (
            is_refused and self.facts.have_ripened_since(self.last.facts)
        )

    @property
    def standing(self) -> TestAnswer | None:
        return None if self.is_stale else self.last

    @property
    def is_refusing(self) -> bool:
        return self.standing is not None and self.standing.answer is Answer.NOT_MET

    @property
    def in_words(self) -> str:
        """The answer that stands, in the words of the list; empty where none does."""
        return self.words_of(self.standing) if self.standing else ""

    def words_of(self, given: TestAnswer) -> str:
        """An answer to this test, in the words of the list."""
        return str(getattr(self.test, given.answer.value))

    def option_of(self, given: TestAnswer) -> str:
        """What was chosen with an answer, in words, though the list may no longer offer it."""
        ended = (
            {ground.key: ground.name for ground in remit().values()} if self.test.options == "remit" else {}
        )
        return (ended | options_of(self.test)).get(given.option, given.option)


def options_of(test: LegalTest) -> dict[str, str]:
    """What is chosen with the answer to this test, with its words; nothing for most tests."""
    match test.options:
        case "remit":
            return {ground.key: ground.name for ground in remit().values() if not ground.ended}
        case "severity":
            return {
                str(band.level): f"Level {band.level}: {band.name}, {band.money}"
                for band in severity_bands().values()
            }
    return {}


def tested(allegation: Allegation) -> list[Tested]:
    """Every test that is asked of the allegation, in order, with its facts and the answers it was given."""
    facts = facts_of(allegation)
    given: dict[str, list[TestAnswer]] = {}
    for answer in allegation.test_answers:
        given.setdefault(answer.test, []).append(answer)
    return [
        Tested(test=test, facts=facts.get(test.id), given=given.get(test.id, ()))
        for test in tests_of(allegation)
    ]


def still_holds(allegation: Allegation) -> bool:
    """Whether the decision on an allegation still rests on something: its answers, on the facts as they are now.

    An acceptance needs every test answered and none refusing, a refusal one test that is not met. What was
    joined or withdrawn needed no test.
    """
    match allegation.check and allegation.check.outcome:
        case CheckOutcome.ACCEPT:
            return all(one.standing and not one.is_refusing for one in tested(allegation))
        case CheckOutcome.DECLINE | CheckOutcome.SIGNPOST:
            return any(one.is_refusing for one in tested(allegation))
    return True


def what_fell(complaint: Complaint) -> str | None:
    """What to do where a fact was changed after an allegation was decided on it; None where all holds."""
    fallen = [str(one.number) for one in complaint.allegations if not still_holds(one)]
    if not fallen:
        return None
    return (
        f"What was decided on allegation {', '.join(fallen)} rests on facts that have changed since, or on"
        " tests that are open again. Answer the tests and decide it again first."
    )


def require_to_hold(complaint: Complaint) -> None:
    """Raise `RuleBroken` with what to do where a decision on an allegation no longer holds."""
    if fallen := what_fell(complaint):
        raise RuleBroken(fallen)


def answer_tests(
    session: Session,
    allegation: Allegation,
    *,
    actor: Account,
    drawn_from: int | None = None,
    answers: Mapping[str, Given],
) -> list[TestAnswer]:
    """Answer some or all tests of an allegation, by the id of the test. What is answered as before stays.

    Raises `RuleBroken`, at the field `<test>_answer`, `_option` or `_note`, for an answer that the facts
    contradict or that lacks its reason.
    """
    policy.require(actor, Permission.ALLEGATION_CHECK, allegation.complaint)
    allegation.agree(drawn_from)
    asked = {one.test.id: one for one in tested(allegation)}
    if strange := set(answers) - set(asked):
        raise RuleBroken(f"The test {min(strange)} is not asked of this allegation.")
    changed = {name: given for name, given in answers.items() if _differs(asked[name], given)}
    for name, given in changed.items():
        _check(allegation, asked[name], given)
    version = version_of("legal_tests")
    made = [
        TestAnswer(
            test=name,
            answer=given.answer,
            option=given.option,
            note=given.note,
            list_version=version,
            facts=facts.kept if (facts := asked[name].facts) else {},
            answered_by=actor,
        )
        for name, given in changed.items()
    ]
    if made:
        allegation.test_answers.extend(made)
        allegation.touch()
        said = {name: [given.answer, given.note, given.option] for name, given in changed.items()}
        told = AllegationTested(allegation=allegation.number, answers=said, list_version=version)
        record(session, told, actor=actor, complaint=allegation.complaint)
    return made


def _differs(one: Tested, given: Given) -> bool:
    stands = one.standing
    return stands is None or (stands.answer, stands.option, stands.note) != (
        given.answer,
        given.option,
        given.note,
    )


def _check(allegation: Allegation, one: Tested, given: Given) -> None:
    test = one.test
    if given.answer is Answer.EXCEPTION and not test.exception:
        raise RuleBroken(
            "The law leaves no discretion here: it is met or it is not.", field=f"{test.id}_answer"
        )
    if not given.note and (test.always_say_why or given.answer is not Answer.MET):
        raise RuleBroken("Say why: the reasons of a refusal rest on this.", field=f"{test.id}_note")
    _check_option(test, given)
    met = one.facts.is_met if one.facts else None
    if met is not None and met is not (given.answer is Answer.MET):
        raise RuleBroken(
            "By the dates above this is met. If a date is wrong, change it first."
            if met
            else "By the dates above this is not met. If a date is wrong, change it first.",
            field=f"{test.id}_answer",
        )
    if test.id == "time" and met is None:
        raise RuleBroken(
            "Say first on which day they first knew: the year runs from there.", field="time_answer"
        )
    if test.id == "time" and given.answer is not Answer.MET:
        discretion.check(allegation, is_exercised=given.answer is Answer.EXCEPTION)


def _check_option(test: LegalTest, given: Given) -> None:
    options = options_of(test)
    if not options:
        return
    if given.option not in options:
        raise RuleBroken("Choose one of the list that goes with your answer.", field=f"{test.id}_option")
    says_met = remit()[given.option].ours if test.options == "remit" else int(given.option) >= SERIOUS
    if says_met is not (given.answer is Answer.MET):
        raise RuleBroken(
            f"“{options[given.option]}” and “{getattr(test, given.answer.value)}” contradict each other."
            " Change one of them.",
            field=f"{test.id}_answer",
        )
