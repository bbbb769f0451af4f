"""The roll-call of tables, so that relationships and Alembic find each other. Nothing is defined here."""

from app.accounts.models import Account, AccountRole, AccountSession, AttemptCount, PasswordLink
from app.allegations.models import Allegation, Coding, InitialCheck, Issue
from app.audit.models import AccessEntry, AuditDetail, AuditEntry, AuditHead, Receipt
from app.caseload.models import Line, Mark, SavedFilter
from app.cases.models import Case
from app.complaints.models import Complaint, Deadline, OrganisationToMatch, Party
from app.core.model import Model
from app.decisions.models import Comment, FinalDecision, ProvisionalViews
from app.demonstration.models import MovedClock
from app.evidence.models import Disclosure, Document, EvidenceLink
from app.exports.models import Export
from app.factors.models import Authenticator, Passkey, RecoveryCode
from app.findings.models import CitedStandard, Finding, FindingAuthor, FindingEvidence
from app.organisations.models import Organisation, OrganisationFacts, RegisterFile
from app.outbox.models import Message
from app.people.models import Person
from app.recommendations.models import Recommendation, Response, Submission, SubmittedDocument
from app.search.models import NameKey, NameWord, SearchText

__all__ = [
    "AccessEntry",
    "Account",
    "AccountRole",
    "AccountSession",
    "Allegation",
    "AttemptCount",
    "AuditDetail",
    "AuditEntry",
    "AuditHead",
    "Authenticator",
    "Case",
    "CitedStandard",
    "Coding",
    "Comment",
    "Complaint",
    "Deadline",
    "Disclosure",
    "Document",
    "EvidenceLink",
    "Export",
    "FinalDecision",
    "Finding",
    "FindingAuthor",
    "FindingEvidence",
    "InitialCheck",
    "Issue",
    "Line",
    "Mark",
    "Message",
    "Model",
    "MovedClock",
    "NameKey",
    "NameWord",
    "Organisation",
    "OrganisationFacts",
    "OrganisationToMatch",
    "Party",
    "Passkey",
    "PasswordLink",
    "Person",
    "ProvisionalViews",
    "Receipt",
    "Recommendation",
    "RecoveryCode",
    "RegisterFile",
    "Response",
    "SavedFilter",
    "SearchText",
    "Submission",
    "SubmittedDocument",
]
