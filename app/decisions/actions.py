from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.cases import workflow
from app.cases.models import Case, CaseStage
from app.checks import answers
from app.complaints import clocks
from app.complaints.models import Part
from app.consents import scopes
from app.consents.addressees import recipients
from app.consents.models import Sees
from app.consents.rights import actors_in
from app.consents.scopes import Act
from app.core import calendar, clock
from app.core.calendar import Otherwise
from app.core.errors import NotPermitted, RuleBroken
from app.decisions.content import composed, digest
from app.decisions.events import (
    CommentAnswered,
    CommentReceived,
    CommentWindowCountedAgain,
    CommentWindowExtended,
    DecisionApproved,
    DecisionProposed,
    DecisionReturned,
    ProvisionalViewsShared,
)
from app.decisions.models import Comment, FinalDecision, ProvisionalViews
from app.evidence.actions import parties_of
from app.findings.actions import add_author
from app.findings.models import Outcome
from app.notices.actions import tell, tell_whoever_may
from app.notices.models import NoticeKind
from app.organisations.models import Organisation
from app.policy import Permission
from app.recommendations import actions as recommendations
from app.recommendations.models import RecommendationState

SHORTEST_WINDOW, LONGEST_WINDOW = 5, 60


def share_provisional_views(
    session: Session, case: Case, *, actor: Account, window_days: int
) -> ProvisionalViews:
    """Show the parties what we are minded to find, and start the clock for their comments.

    The window counts working days after today; what was shared is kept as it stood.
    """
    if not SHORTEST_WINDOW <= window_days <= LONGEST_WINDOW:
        raise RuleBroken(
            f"Give the parties {SHORTEST_WINDOW} to {LONGEST_WINDOW} working days.", field="window_days"
        )
    if wanting := wanting_to_share(case):
        raise RuleBroken(wanting)
    workflow.take(session, case, workflow.SHARE_PROVISIONAL_VIEWS, actor=actor)
    _count_as_author(case, actor)
    views = ProvisionalViews(
        content=composed(case),
        shared_by=actor,
        window_days=window_days,
        comments_due_on=calendar.working_days_after(clock.today(), window_days),
    )
    case.provisional_views.append(views)
    shared = ProvisionalViewsShared(
        window_days=window_days, comments_due_on=views.comments_due_on, sha256=digest(views.content)
    )
    record(session, shared, actor=actor, complaint=case.complaint)
    return views


def wanting_to_share(case: Case) -> str:
    """What consent or right is missing before the parties may see our views, in a sentence; often nothing.

    A complainant who acts for another is the party on that side: without their right there is nobody to share with.
    """
    complaint, day = case.complaint, clock.today()
    if wanting := scopes.missing(complaint, Act.GIVE_TO_ORGANISATION, day):
        return wanting
    acting = actors_in(complaint, day)
    told = recipients(complaint.parties, acting, complaint.disagreements, Sees.EVERYTHING)
    unfit = (
        told.not_entitled[one] for one in complaint.people_as(Part.COMPLAINANT) if one in told.not_entitled
    )
    return next(unfit, "")


def investigate_further(session: Session, case: Case, *, actor: Account, reasons: str) -> None:
    """Take the case back into investigation: what was said of our views may change them."""
    workflow.take(session, case, workflow.INVESTIGATE_FURTHER, actor=actor, reasons=reasons)


def extend_comments(
    session: Session,
    case: Case,
    *,
    actor: Account,
    drawn_from: int | None = None,
    due_on: date,
    reasons: str,
) -> None:
    """Give the parties longer to comment."""
    policy.require(actor, Permission.TIME_EXTEND, case)
    views = _views_with_the_parties(case)
    views.agree(drawn_from)
    if due_on <= max(views.comments_due_on, clock.today()):
        raise RuleBroken("The new day must be later than today and than the day it is now.", field="due_on")
    was, views.comments_due_on, views.extended_because = views.comments_due_on, due_on, reasons
    extended = CommentWindowExtended(was_due_on=was, due_on=due_on, reasons=reasons)
    record(session, extended, actor=actor, complaint=case.complaint)


def count_comments_again(
    session: Session,
    views: ProvisionalViews,
    *,
    actor: Account | None,
    otherwise: Otherwise,
) -> None:
    """Count the days of a window that runs by another calendar. The old day stays in the record."""
    due_on = calendar.working_days_after(clock.day_of(views.shared_at), views.window_days, otherwise)
    was, views.comments_due_on = views.comments_due_on, due_on
    told = CommentWindowCountedAgain(due_on=due_on, was=was, calendar=calendar.version(otherwise))
    record(session, told, actor=actor, complaint=views.case.complaint)


def record_comment(
    session: Session,
    case: Case,
    *,
    actor: Account,
    organisation: Organisation | None,
    received_on: date,
    words: str,
) -> Comment:
    """Type in what a party said of the provisional views; no organisation is the complainant."""
    policy.require(actor, Permission.COMMENT_RECORD, case)
    views = _views_with_the_parties(case)
    if organisation is not None and organisation not in parties_of(case):
        raise RuleBroken("Select a party to this case.", field="organisation")
    if not clock.day_of(views.shared_at) <= received_on <= clock.today():
        raise RuleBroken("It was received after the views were shared, and by today.", field="received_on")
    comment = Comment(organisation=organisation, received_on=received_on, words=words)
    views.comments.append(comment)
    session.flush()
    received = CommentReceived(
        comment=comment.id,
        organisation=organisation.known_as if organisation else None,
        received_on=received_on,
    )
    tell(session, case.owner, NoticeKind.ARRIVED, actor=actor, complaint=case.complaint)
    record(session, received, actor=actor, complaint=case.complaint)
    return comment


def answer_comment(
    session: Session,
    case: Case,
    comment: Comment,
    *,
    actor: Account,
    drawn_from: int | None = None,
    answer: str,
) -> None:
    """Say what we made of a comment, and what it changed."""
    policy.require(actor, Permission.COMMENT_ANSWER, case)
    comment.agree(drawn_from)
    if case.stage not in {CaseStage.PROVISIONAL_VIEWS, CaseStage.DETAILED_INVESTIGATION}:
        raise RuleBroken("The decision has been sent for approval. Comments can no longer be answered.")
    was, comment.answer = comment.answer, answer
    comment.answered_by_id, comment.answered_at = actor.id, clock.now()
    answered = CommentAnswered(comment=comment.id, answer=answer, was=was)
    record(session, answered, actor=actor, complaint=case.complaint)


def propose(session: Session, case: Case, *, actor: Account) -> FinalDecision:
    """Send the decision to be approved by someone else. Nothing of it can be changed meanwhile.

    Raises `RuleBroken` where a corrected fact has overtaken the acceptance that the case rests on.
    """
    answers.require_to_hold(case.complaint)
    workflow.take(session, case, workflow.PROPOSE_DECISION, actor=actor)
    _count_as_author(case, actor)
    decision = FinalDecision(case=case, proposed_by=actor)
    session.add(decision)
    content = composed(case)
    proposed = DecisionProposed(outcome=content["outcome"], sha256=digest(content))
    record(session, proposed, actor=actor, complaint=case.complaint)
    tell_whoever_may(
        session,
        Permission.DECISION_APPROVE,
        NoticeKind.APPROVAL,
        actor=actor,
        complaint=case.complaint,
        record=case,
    )
    return decision


def return_for_more_work(session: Session, case: Case, *, actor: Account, reasons: str) -> None:
    """Send the decision back to its author, with what is wanted."""
    decision = _waiting(case)
    workflow.take(session, case, workflow.RETURN_DECISION, actor=actor, reasons=reasons)
    case.final_decision = None
    session.delete(decision)
    record(session, DecisionReturned(reasons=reasons), actor=actor, complaint=case.complaint)


def approve(session: Session, case: Case, *, actor: Account, proposal: str | None = None) -> FinalDecision:
    """Approve the decision: freeze it with its hash, and issue its recommendations with it.

    `proposal` is when the decision that was read had been proposed, in ISO 8601; None is a caller
    that showed none.
    """
    decision = _waiting(case)
    if proposal is not None and proposal != decision.proposed_at.isoformat():
        raise RuleBroken("The decision was returned and sent again since you opened it. Read it again first.")
    if decision.proposed_by_id == actor.id:
        raise NotPermitted("Whoever sent the decision cannot also approve it.")
    drafts = [r for r in case.recommendations if r.state is RecommendationState.DRAFT]
    workflow.take(session, case, workflow.APPROVE_DECISION, actor=actor)
    for recommendation in drafts:
        recommendations.issue(session, recommendation, actor=actor)
    content = composed(case)
    decision.content, decision.sha256 = content, digest(content)
    decision.outcome = Outcome(content["outcome"])
    decision.approved_by, decision.approved_at = actor, clock.now()
    clocks.conclude(session, case.complaint, actor=actor)
    approved = DecisionApproved(
        outcome=decision.outcome,
        sha256=decision.sha256,
        recommendations=[recommendation.number for recommendation in drafts],
    )
    record(session, approved, actor=actor, complaint=case.complaint)
    return decision


def _count_as_author(case: Case, actor: Account) -> None:
    """Whoever shares the views or sends the decision stands behind every finding in it, for good."""
    for allegation in case.allegations:
        if allegation.finding:
            add_author(allegation.finding, actor)


def _views_with_the_parties(case: Case) -> ProvisionalViews:
    if case.stage is not CaseStage.PROVISIONAL_VIEWS:
        raise RuleBroken("The provisional views are not with the parties now.")
    return case.provisional_views[-1]


def _waiting(case: Case) -> FinalDecision:
    if case.final_decision is None or case.final_decision.approved_at is not None:
        raise RuleBroken("There is no decision waiting for approval.")
    return case.final_decision
