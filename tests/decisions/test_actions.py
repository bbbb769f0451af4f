from __future__ import annotations

from datetime import timedelta

import pytest

from app.accounts import actions as accounts
from app.accounts.models import Role
from app.allegations import coding
from app.cases import actions as cases
from app.cases import corrections
from app.cases.models import CaseStage
from app.complaints import actions as complaints
from app.core import calendar, clock
from app.core.errors import NotPermitted, RuleBroken
from app.decisions import actions
from app.decisions.content import digest
from app.findings import actions as findings
from app.findings.models import Outcome
from app.recommendations import actions as recommendations
from app.recommendations.models import RecommendationKind, RecommendationState

R = Role


def test_provisional_views_are_kept_as_shared_and_their_window_counts_working_days(session, make):
    case = make.case(CaseStage.DETAILED_INVESTIGATION)

    views = actions.share_provisional_views(session, case, actor=case.owner, window_days=10)

    assert views.comments_due_on == calendar.working_days_after(clock.today(), 10)
    assert views.content["allegations"][0]["happened"] == "It was not read."
    findings.write_finding(session, case, case.allegations[0], actor=case.owner, happened="Something else.")
    assert views.content["allegations"][0]["happened"] == "It was not read."


def test_a_decision_is_frozen_with_its_hash_and_its_recommendations_are_issued(session, make):
    case = make.case(CaseStage.APPROVAL)
    recommendation = make.recommendation(case, RecommendationState.DRAFT)

    decision = actions.approve(session, case, actor=make.account(R.MANAGER))

    assert (decision.outcome, decision.sha256) == (Outcome.UPHELD, digest(decision.content))
    assert recommendation.state is RecommendationState.ISSUED
    assert recommendation.issued_at is not None
    case.allegations[0].organisation.name = "Renamed"
    assert "Renamed" not in str(decision.content)
    [conclusion] = [d for d in case.complaint.deadlines if d.rule == "conclusion"] or [None]
    assert conclusion is None or conclusion.met_on == clock.today()


def test_nothing_a_decision_rests_on_changes_while_it_waits_or_stands(session, make):
    case = make.case(CaseStage.APPROVAL)
    draft = make.recommendation(case, RecommendationState.DRAFT)
    actor, [allegation] = make.account(R.MANAGER), case.allegations

    for attempt in (
        lambda: complaints.change(session, case.complaint, actor=actor, narrative="Another story."),
        lambda: corrections.correct_facts(session, case, allegation, actor=actor, reasons="Because."),
        lambda: coding.confirm(session, allegation, actor=actor, codes=["E1"]),
        lambda: findings.write_finding(session, case, allegation, actor=actor, happened="Something else."),
        lambda: recommendations.drop(session, draft, actor=actor, reasons="Because."),
    ):
        with pytest.raises((RuleBroken, NotPermitted)):
            attempt()


def refused(session, case, actor):
    with pytest.raises(NotPermitted):
        actions.approve(session, case, actor=actor)
    assert case.stage is CaseStage.APPROVAL
    assert case.final_decision.approved_at is None


class TestAuthorAndApproverAreTwoPersons:
    """Over every order in which somebody could come to be both."""

    def test_whoever_sent_it(self, session, make):
        case = make.case(CaseStage.APPROVAL)
        accounts.change_roles(session, case.owner, actor=None, roles=[R.INVESTIGATOR, R.MANAGER])

        refused(session, case, case.owner)

    def test_whoever_wrote_a_finding_and_is_only_a_manager_now(self, session, make):
        author = make.account(R.INVESTIGATOR)
        case = make.case(CaseStage.DETAILED_INVESTIGATION, owner=author)
        findings.write_finding(session, case, case.allegations[0], actor=author, happened="It was not read.")
        self._to_approval(session, make, case)
        accounts.change_roles(session, author, actor=None, roles=[R.MANAGER])

        refused(session, case, author)

    def test_whoever_wrote_before_the_case_was_given_to_someone_else(self, session, make):
        author, manager = make.account(R.INVESTIGATOR, R.MANAGER), make.account(R.MANAGER)
        case = make.case(CaseStage.DETAILED_INVESTIGATION, owner=author, whole=False)
        link = make.link(case.allegations[0])
        findings.write_finding(
            session, case, case.allegations[0], actor=author, happened="It.", rests_on=[link.id]
        )
        cases.allocate(session, case, actor=manager, owner=make.account(R.INVESTIGATOR))
        self._to_approval(session, make, case)

        refused(session, case, author)

    def test_a_manager_who_helped_with_a_finding(self, session, make):
        helper = make.account(R.MANAGER)
        case = make.case(CaseStage.DETAILED_INVESTIGATION)
        findings.write_finding(session, case, case.allegations[0], actor=helper, happened="It was not read.")
        self._to_approval(session, make, case)

        refused(session, case, helper)

    def test_the_ombudsman_who_wrote(self, session, make):
        author = make.account(R.OMBUDSMAN)
        case = make.case(CaseStage.DETAILED_INVESTIGATION)
        findings.write_finding(session, case, case.allegations[0], actor=author, happened="It was not read.")
        self._to_approval(session, make, case)

        refused(session, case, author)

    def test_whoever_sent_it_before_it_was_returned_and_sent_by_another(self, session, make):
        sender, case = make.account(R.MANAGER), make.case(CaseStage.PROVISIONAL_VIEWS)
        actions.propose(session, case, actor=sender)
        actions.return_for_more_work(session, case, actor=make.account(R.OMBUDSMAN), reasons="Say why.")
        actions.propose(session, case, actor=case.owner)

        refused(session, case, sender)

    def test_whoever_shared_the_provisional_views(self, session, make):
        sharer, case = make.account(R.MANAGER), make.case(CaseStage.DETAILED_INVESTIGATION)
        actions.share_provisional_views(session, case, actor=sharer, window_days=10)
        self._to_approval(session, make, case)

        refused(session, case, sharer)

    def test_whoever_drafted_a_recommendation(self, session, make):
        drafter, case = make.account(R.MANAGER), make.case(CaseStage.DETAILED_INVESTIGATION)
        recommendations.make(
            session,
            case,
            actor=drafter,
            finding=case.allegations[0].finding,
            kind=RecommendationKind.AUDIT,
            action="Audit it.",
            evidence_wanted="The audit.",
            due_on=clock.today() + timedelta(days=90),
            public_text="Audit it.",
        )
        self._to_approval(session, make, case)

        refused(session, case, drafter)

    def test_whoever_confirmed_a_code_even_one_taken_away_again(self, session, make):
        coder, case = make.account(R.MANAGER), make.case(CaseStage.DETAILED_INVESTIGATION)
        for codes in (["E1"], ["J1"]):
            coding.confirm(session, case.allegations[0], actor=coder, codes=codes)
        self._to_approval(session, make, case)

        refused(session, case, coder)

    def test_an_author_whose_words_another_has_replaced(self, session, make):
        author, case = make.account(R.MANAGER), make.case(CaseStage.DETAILED_INVESTIGATION)
        for actor in (author, case.owner):
            findings.write_finding(session, case, case.allegations[0], actor=actor, happened=actor.name)
        self._to_approval(session, make, case)

        refused(session, case, author)

    def test_an_author_who_was_suspended_and_came_back_as_manager(self, session, make):
        author = make.account(R.INVESTIGATOR)
        case = make.case(CaseStage.DETAILED_INVESTIGATION, owner=author)
        findings.write_finding(session, case, case.allegations[0], actor=author, happened="It was not read.")
        accounts.suspend(session, author, actor=None)
        accounts.restore(session, author, actor=None)
        accounts.change_roles(session, author, actor=None, roles=[R.OMBUDSMAN])
        self._to_approval(session, make, case)

        refused(session, case, author)

    def test_a_manager_who_took_the_case_and_sent_it(self, session, make):
        owner = make.account(R.INVESTIGATOR, R.MANAGER)
        case = make.case(CaseStage.PROVISIONAL_VIEWS, owner=owner)
        actions.propose(session, case, actor=owner)
        cases.allocate(session, case, actor=make.account(R.OMBUDSMAN), owner=make.account(R.INVESTIGATOR))

        refused(session, case, owner)

    def test_anybody_else_may(self, session, make):
        case = make.case(CaseStage.APPROVAL)

        assert actions.approve(session, case, actor=make.account(R.OMBUDSMAN)).sha256

    @staticmethod
    def _to_approval(session, make, case):
        from app.decisions.models import FinalDecision

        case.stage = CaseStage.APPROVAL
        session.add(FinalDecision(case=case, proposed_by=make.account(R.INVESTIGATOR)))
        session.flush()


def test_nobody_approves_a_decision_that_was_sent_again_since_they_opened_it(session, make):
    case, manager = make.case(CaseStage.APPROVAL), make.account(R.MANAGER)
    read = case.final_decision.proposed_at.isoformat()
    actions.return_for_more_work(session, case, actor=make.account(R.OMBUDSMAN), reasons="Say why.")
    actions.propose(session, case, actor=case.owner)

    with pytest.raises(RuleBroken, match="Read it again first"):
        actions.approve(session, case, actor=manager, proposal=read)
    assert actions.approve(session, case, actor=manager, proposal=case.final_decision.proposed_at.isoformat())


def test_no_recommendation_is_issued_that_is_due_already(session, make):
    case = make.case(CaseStage.APPROVAL)
    make.recommendation(case, RecommendationState.DRAFT, due_on=clock.today())

    with pytest.raises(RuleBroken, match="give it a later one first"):
        actions.approve(session, case, actor=make.account(R.MANAGER))


def test_comments_on_earlier_views_can_still_be_answered_when_new_views_are_shared(session, make):
    case = make.case(CaseStage.PROVISIONAL_VIEWS)
    typed = {"actor": case.owner, "received_on": clock.today(), "words": "No."}
    first = actions.record_comment(session, case, organisation=None, **typed)
    actions.investigate_further(session, case, actor=case.owner, reasons="They may be right.")
    actions.share_provisional_views(session, case, actor=case.owner, window_days=10)

    assert case.comments == [first]
    actions.answer_comment(session, case, first, actor=case.owner, answer="They are not.")
    assert first.answered_at is not None


def test_a_returned_decision_goes_back_with_reasons_and_can_be_sent_again(session, make):
    case = make.case(CaseStage.APPROVAL)
    actions.return_for_more_work(session, case, actor=make.account(R.MANAGER), reasons="Say why.")

    assert (case.stage, case.final_decision) == (CaseStage.PROVISIONAL_VIEWS, None)
    actions.propose(session, case, actor=case.owner)
    assert case.stage is CaseStage.APPROVAL


def test_comments_come_from_parties_while_the_views_are_with_them(session, make):
    case = make.case(CaseStage.PROVISIONAL_VIEWS)
    [party] = [allegation.organisation for allegation in case.allegations]
    typed = {"actor": case.owner, "received_on": clock.today(), "words": "We accept it."}

    actions.record_comment(session, case, organisation=party, **typed)
    actions.record_comment(session, case, organisation=None, **typed)
    with pytest.raises(RuleBroken, match="party to this case"):
        actions.record_comment(session, case, organisation=make.organisation(), **typed)
    decided = make.case(CaseStage.COMPLIANCE)
    with pytest.raises(RuleBroken, match="not with the parties"):
        actions.record_comment(session, decided, organisation=None, **typed | {"actor": decided.owner})
    assert [comment.organisation for comment in case.provisional_views[-1].comments] == [party, None]
