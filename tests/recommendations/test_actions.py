from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest

from app.accounts.models import Role
from app.cases.models import CaseStage
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.core.files import LocalFiles
from app.findings.models import Failing, Injustice
from app.recommendations import actions, answers
from app.recommendations.answers import HandedIn
from app.recommendations.models import RecommendationKind, RecommendationState, Verdict

S = RecommendationState


def draft(session, case, finding, **given):
    answers = {
        "kind": RecommendationKind.AUDIT,
        "action": "Audit it.",
        "evidence_wanted": "The audit.",
        "due_on": clock.today() + timedelta(days=90),
        "public_text": "Audit it.",
    }
    return actions.make(session, case, actor=case.owner, finding=finding, **answers | given)


@pytest.mark.parametrize(("failing", "injustice"), [(Failing.NONE, None), (Failing.IN_FULL, Injustice.NONE)])
def test_a_recommendation_is_only_made_on_an_allegation_that_is_upheld(session, make, failing, injustice):
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False)
    finding = make.finding(case.allegations[0], failing=failing, injustice=injustice)

    with pytest.raises(RuleBroken, match="upheld or partly upheld"):
        draft(session, case, finding)


def test_a_recommendation_is_made_to_the_organisation_the_finding_is_about(session, make):
    case = make.case(CaseStage.DETAILED_INVESTIGATION)
    finding = case.allegations[0].finding

    recommendation = draft(session, case, finding)

    assert recommendation.organisation is case.allegations[0].organisation
    assert (recommendation.number, recommendation.state) == (1, S.DRAFT)
    with pytest.raises(RuleBroken, match="in the future"):
        draft(session, case, finding, due_on=clock.today())


@pytest.fixture
def handed_in(tmp_path):
    kept = LocalFiles(tmp_path).keep(BytesIO(b"month,alerts"), limit=100)
    return [HandedIn(kept, "audit.csv", "text/csv")]


def submit(session, make, recommendation, files, done_on=None):
    officer = make.account(Role.LIAISON, organisation=recommendation.organisation)
    return answers.submit_evidence(
        session,
        recommendation,
        actor=officer,
        claimed_done_on=done_on or clock.today(),
        words="Done.",
        files=files,
    )


def test_done_evidenced_and_judged_are_three_days_and_on_time_looks_at_the_first(
    session, make, handed_in, today
):
    today(2026, 3, 2)
    due_on = clock.today() - timedelta(days=5)
    recommendation = make.recommendation(due_on=due_on)
    recommendation.case.complaint.received_at = clock.now() - timedelta(days=200)
    submit(session, make, recommendation, handed_in, done_on=due_on)
    today(2026, 3, 20)

    judge = make.account(Role.INVESTIGATOR)
    actions.accept_evidence(session, recommendation, actor=judge, done_on=due_on, reasons="It shows.")

    assert recommendation.was_on_time is True
    days = (recommendation.done_on, recommendation.evidenced_at.date(), recommendation.judged_at.date())
    assert [day.isoformat() for day in days] == ["2026-02-25", "2026-03-02", "2026-03-20"]
    assert recommendation.submissions[-1].verdict is Verdict.ACCEPTED


def test_what_was_done_after_the_due_day_is_late_however_early_it_was_judged(session, make, handed_in):
    recommendation = make.recommendation(due_on=clock.today() - timedelta(days=1))
    submit(session, make, recommendation, handed_in)

    judge = make.account(Role.MANAGER)
    actions.accept_evidence(session, recommendation, actor=judge, done_on=clock.today(), reasons="Late.")

    assert recommendation.was_on_time is False


def test_rejected_evidence_goes_back_with_reasons_and_can_be_followed_by_better(session, make, handed_in):
    recommendation = make.recommendation()
    first = submit(session, make, recommendation, handed_in)
    actions.reject_evidence(
        session, recommendation, actor=make.account(Role.MANAGER), reasons="It shows nothing."
    )

    assert (recommendation.state, first.verdict, first.reasons) == (
        S.AGREED,
        Verdict.REJECTED,
        "It shows nothing.",
    )
    submit(session, make, recommendation, handed_in)
    assert recommendation.state is S.SUBMITTED
    assert first.verdict is Verdict.REJECTED


def test_no_organisation_answers_for_another_or_closes_its_own(session, make, handed_in):
    recommendation = make.recommendation()
    other = make.account(Role.LIAISON)
    own = make.account(Role.LIAISON, organisation=recommendation.organisation)

    for attempt in (
        lambda: answers.agree(session, recommendation, actor=other),
        lambda: answers.dispute(session, recommendation, actor=other, words="No."),
        lambda: answers.report_progress(session, recommendation, actor=other, words="Soon."),
        lambda: actions.withdraw(session, recommendation, actor=own, reasons="No."),
        lambda: actions.find_not_complied(session, recommendation, actor=own, reasons="No."),
        lambda: actions.accept_evidence(
            session, recommendation, actor=own, done_on=clock.today(), reasons="We did."
        ),
    ):
        with pytest.raises(NotPermitted):
            attempt()
    assert recommendation.state is S.ISSUED


def test_submitted_evidence_is_seen_by_the_office_and_by_whoever_submitted_it(session, make, handed_in):
    recommendation = make.recommendation()
    submission = submit(session, make, recommendation, handed_in)

    [part] = submission.documents
    assert part.document.sha256 == handed_in[0].kept.sha256
    assert part.document.is_disclosed_to(recommendation.organisation_id)
    assert not part.document.is_disclosed_to(make.organisation().id)


def test_an_extension_moves_the_day_and_keeps_the_old_one_in_the_record(session, make):
    from app.audit.queries import story

    recommendation = make.recommendation()
    was, later = recommendation.due_on, clock.today() + timedelta(days=30)

    actions.extend(
        session, recommendation, actor=make.account(Role.MANAGER), due_on=later, reasons="Illness."
    )

    told = story(session, recommendation.case.complaint)[0].detail
    assert told == {
        "recommendation": 1,
        "was_due_on": was.isoformat(),
        "due_on": later.isoformat(),
        "reasons": "Illness.",
    }
    with pytest.raises(NotPermitted):
        actions.extend(
            session, recommendation, actor=make.account(Role.INVESTIGATOR), due_on=later, reasons="x"
        )
