"""Makes the records a test needs, in a state the actions could have left them in."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Account, AccountRole, Role
from app.allegations.models import (
    Allegation,
    CheckOutcome,
    Coding,
    CodingStanding,
    InitialCheck,
    Issue,
    Kind,
    KnowledgeSource,
    Precision,
)
from app.cases.models import Case, CaseStage, Closure
from app.checks.facts import facts_of, tests_of
from app.checks.models import Answer, TestAnswer
from app.complaints.models import Channel, Complaint, ComplaintState
from app.core import clock
from app.core.references import new_code, new_reference
from app.core.text import searchable
from app.decisions.models import FinalDecision, ProvisionalViews
from app.evidence.models import CopyKind, Document, EvidenceLink, Supplier
from app.findings.models import Failing, Finding, FindingAuthor, FindingEvidence, Injustice
from app.organisations.models import Organisation, OrganisationKind, Source
from app.recommendations.models import Recommendation, RecommendationKind, RecommendationState, Submission

numbers = count(1)
NOT_YET_PUT = {CaseStage.PRIMARY_INVESTIGATION, CaseStage.MEDIATION}

#: Decisions of the initial check that rest on no test that is not met.
UNTESTED = {CheckOutcome.ACCEPT, CheckOutcome.JOIN, CheckOutcome.WITHDRAWN}

#: What is chosen with an answer to a test that is met, and to one that is not, by its list.
OPTIONS = {"remit": ("nhs_body", "wales"), "severity": ("4", "1")}


class Make:
    """`make.case(CaseStage.APPROVAL)`: nothing stands in the way of the next step of what is made."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def account(self, *roles: Role, **given: Any) -> Account:
        number = next(numbers)
        if Role.LIAISON in roles and "organisation" not in given:
            given["organisation"] = self.organisation()
        values = {"email": f"p{number}@office.example", "name": f"Person {number}", "password_hash": "none"}
        return self._add(Account(**values | given, held=[AccountRole(role=role) for role in roles]))

    def organisation(self, name: str | None = None, **given: Any) -> Organisation:
        name = name or f"Organisation {next(numbers)}"
        values = {
            "code": f"X-{new_code()}",
            "name": name,
            "search_name": searchable(name),
            "kind": OrganisationKind.NHS_TRUST,
            "source": Source.BY_HAND,
        }
        return self._add(Organisation(**values | given))

    def complaint(self, **given: Any) -> Complaint:
        values = {
            "reference": new_reference(),
            "channel": Channel.EMAIL,
            "received_at": clock.now() - timedelta(days=30),
            "made_on": clock.today() - timedelta(days=31),
            "narrative": "The scan was not reported for months.",
        }
        return self._add(Complaint(**values | given))

    def allegation(
        self,
        complaint: Complaint | None = None,
        *,
        outcome: CheckOutcome | None = None,
        by: Account | None = None,
        **given: Any,
    ) -> Allegation:
        complaint = complaint or self.complaint()
        number = len(complaint.allegations) + 1
        issue = Issue(number=number, kind=Kind.CLINICAL, words=f"Issue {number}")
        complaint.issues.append(issue)
        values = {
            "organisation": given.pop("organisation", None) or self.organisation(),
            "event_on": date(2024, 3, 1),
            "event_precision": Precision.DAY,
            "knowledge_on": complaint.made_on - timedelta(days=90),
            "knowledge_source": KnowledgeSource.LETTER,
        }
        allegation = Allegation(issue=issue, number=number, **values | given)
        complaint.allegations.append(allegation)
        self.session.flush()
        if outcome:
            decided_by = by or self.account(Role.CASEWORKER)
            check = InitialCheck(
                outcome=outcome, reasons="Because.", facts={}, decided_by=decided_by, sent_on=clock.today()
            )
            allegation.checks.append(check)
            self.session.flush()
            self.tested(allegation, *([] if outcome in UNTESTED else ["severity"]), by=decided_by)
        return allegation

    def tested(self, allegation: Allegation, *refusing: str, by: Account | None = None) -> Allegation:
        """Answer every test of the allegation: not met for those named, met for all others."""
        by, facts = by or self.account(Role.CASEWORKER), facts_of(allegation)
        for test in tests_of(allegation):
            kept = facts[test.id].kept if test.id in facts else {}
            for passing in ("months", "is_overdue", "days_since_response"):
                kept.pop(passing, None)
            option = OPTIONS.get(test.options, ("", ""))[test.id in refusing]
            answer = Answer.NOT_MET if test.id in refusing else Answer.MET
            given = {"test": test.id, "answer": answer, "option": option, "note": "Because."}
            allegation.test_answers.append(
                TestAnswer(**given, list_version="0.1", facts=kept, answered_by=by)
            )
        self.session.flush()
        return allegation

    def case(
        self, stage: CaseStage = CaseStage.PRIMARY_INVESTIGATION, *, whole: bool = True, **given: Any
    ) -> Case:
        """A case with one accepted allegation; from detailed investigation on with a whole, upheld finding."""
        complaint = self.complaint(state=ComplaintState.ACCEPTED)
        organisation = given.pop("organisation", None)
        allegation = self.allegation(complaint, outcome=CheckOutcome.ACCEPT, organisation=organisation)
        case = Case(
            complaint=complaint,
            stage=stage,
            owner=given.pop("owner", None) or self.account(Role.INVESTIGATOR),
            closed_at=clock.now() if stage is CaseStage.CLOSED else None,
            closure=Closure.DECIDED if stage is CaseStage.CLOSED else None,
            put_to_parties_at=None if stage in NOT_YET_PUT else clock.now(),
            **given,
        )
        self._add(case)
        if stage not in NOT_YET_PUT and whole:
            self.finding(allegation)
        if stage in {CaseStage.PROVISIONAL_VIEWS, CaseStage.APPROVAL, CaseStage.COMPLIANCE}:
            self._views(case)
        if stage is CaseStage.APPROVAL:
            self._add(FinalDecision(case=case, proposed_by=case.owner))
        return case

    def document(self, case: Case, **given: Any) -> Document:
        number = next(numbers)
        values = {
            "title": f"Document {number}",
            "filename": f"document-{number}.pdf",
            "media_type": "application/pdf",
            "sha256": f"{number:064x}",
            "size": number,
            "supplier": Supplier.OFFICE,
            "supplied_on": clock.today(),
            "copy_kind": CopyKind.COPY,
            "added_by": case.owner,
        }
        return self._add(Document(case=case, **values | given))

    def link(self, allegation: Allegation, **given: Any) -> EvidenceLink:
        document = given.pop("document", None) or self.document(allegation.complaint.case)
        values = {"page": "2", "note": "What it shows", "added_by_id": document.added_by_id}
        return self._add(EvidenceLink(document=document, allegation=allegation, **values | given))

    def finding(self, allegation: Allegation, **given: Any) -> Finding:
        """A whole finding that upholds the allegation, with its codes confirmed."""
        values = {
            "happened": "It was not read.",
            "should_have_happened": "It should have been.",
            "no_standard_because": "Plain sense.",
            "gap": "Nobody read it.",
            "failing": Failing.IN_FULL,
            "injustice": Injustice.NOT_PUT_RIGHT,
            "injustice_reasons": "Months were lost.",
        }
        author = given.pop("author", None) or allegation.complaint.case.owner
        link = self.link(allegation)
        finding = Finding(**values | given)
        with self.session.no_autoflush:
            finding.allegation = allegation
        finding.rests_on = [FindingEvidence(link=link)]
        finding.authors = [FindingAuthor(account_id=author.id)]
        self._add(finding)
        allegation.codings.append(Coding(standing=CodingStanding.CONFIRMED, code="J1", list_version="0.1"))
        return self._add(finding)

    def recommendation(
        self, case: Case | None = None, state: RecommendationState = RecommendationState.ISSUED, **given: Any
    ) -> Recommendation:
        """A recommendation past its due day, with evidence submitted if it stands so."""
        case = case or self.case(CaseStage.COMPLIANCE)
        finding = case.allegations[0].finding
        judged = state.value in {"complied", "not_complied", "withdrawn"}
        values = {
            "organisation": finding.allegation.organisation,
            "finding": finding,
            "number": len(case.recommendations) + 1,
            "kind": RecommendationKind.SERVICE_IMPROVEMENT,
            "action": "Escalate unread alerts.",
            "evidence_wanted": "An audit.",
            "due_on": clock.today() + timedelta(days=90 if state is RecommendationState.DRAFT else -1),
            "public_text": "Escalate unread alerts.",
            "state": state,
            "issued_at": None if state is RecommendationState.DRAFT else clock.now(),
            "judged_at": clock.now() if judged else None,
            "done_on": clock.today() if state is RecommendationState.COMPLIED else None,
        }
        recommendation = Recommendation(**values | given)
        case.recommendations.append(recommendation)
        self.session.flush()
        if state is RecommendationState.SUBMITTED:
            liaison = self.account(Role.LIAISON, organisation=recommendation.organisation)
            recommendation.submissions.append(
                Submission(claimed_done_on=clock.today(), words="Done.", submitted_by=liaison)
            )
            self.session.flush()
        return recommendation

    def _views(self, case: Case) -> None:
        case.provisional_views.append(
            ProvisionalViews(
                content={},
                shared_by=case.owner,
                window_days=10,
                comments_due_on=clock.today() - timedelta(days=1),
                shared_at=clock.now() - timedelta(days=20),
            )
        )
        self.session.flush()

    def _add(self, record: Any) -> Any:
        self.session.add(record)
        self.session.flush()
        return record
