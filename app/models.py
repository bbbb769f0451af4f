"""The roll-call of tables, so that relationships and Alembic find each other. Nothing is defined here."""

from app.accounts.models import Account, AccountRole, AccountSession, AttemptCount, KnownDevice, PasswordLink
from app.allegations.models import Allegation, Coding, InitialCheck, Issue, KnowledgeDate
from app.allocation.models import BulkAllocation, GivenCase
from app.audit.models import AccessEntry, AuditDetail, AuditEntry, AuditHead, Receipt
from app.bundles.models import Bundle, BundlePart
from app.casefile.models import Link, Note, OpeningReason, Proceeding, Stay
from app.caseload.models import Line, Mark, SavedFilter
from app.cases.models import Case, Mediation
from app.checks.models import Discretion, TestAnswer
from app.complaints.models import Complaint, Deadline, OrganisationToMatch, Party
from app.concerns.models import Concern, ConcernReader
from app.consents.models import Basis, Consent, Disagreement
from app.contacts.models import Contact
from app.core.model import Model
from app.decisions.models import Comment, FinalDecision, ProvisionalViews
from app.delegations.models import Delegation
from app.demonstration.models import MovedClock
from app.doubles.models import PersonMerge
from app.drafts.models import Draft
from app.duties.models import Absence, Conflict, NamedAccess, Restriction
from app.enquiries.models import Enquiry
from app.evidence.models import ComplainantDisclosure, Disclosure, Document, EvidenceLink
from app.examining.models import Examination, PageText, Quarantine, Rendition
from app.exports.models import Export
from app.factors.models import Authenticator, Passkey, RecoveryCode, UsedChallenge
from app.findings.models import CitedStandard, Finding, FindingAuthor, FindingEvidence
from app.front_door.models import SubmissionDraft, SubmissionFile, SubmissionLink
from app.imaging.models import AdviserCopy, CopiedImage, ImagingImage, ImagingSeries, ImagingStudy
from app.integrity.models import FileCheck
from app.lineage.models import Merge, Succession
from app.messages.models import HospitalMessage, ProposedRow
from app.notices.models import Digest, Notice, NoticeChoice
from app.organisations.models import Arrangement, Organisation, OrganisationFacts, RegisterFile
from app.outbox.models import Message
from app.papers.models import Paper
from app.people.models import Adjustment, Person, PersonNameWord, Vulnerability
from app.reading.models import CitationRegion
from app.receiving.models import Delivery, Upload
from app.recommendations.models import Recommendation, Response, Submission, SubmittedDocument
from app.redaction.models import Redacting, RedactionMark
from app.reference.models import ListDraft, ListVersion
from app.requests.models import DocumentAnswer, EvidenceRequest, RequestItem, RequestStep
from app.risk.models import Alert
from app.search.models import NameKey, NameWord, SearchText
from app.teams.models import Membership, Team
from app.timeline.models import Row as TimelineRow
from app.timeline.models import Study as TimelineStudy

__all__ = [
    "Absence",
    "AccessEntry",
    "Account",
    "AccountRole",
    "AccountSession",
    "Adjustment",
    "AdviserCopy",
    "Alert",
    "Allegation",
    "Arrangement",
    "AttemptCount",
    "AuditDetail",
    "AuditEntry",
    "AuditHead",
    "Authenticator",
    "Basis",
    "BulkAllocation",
    "Bundle",
    "BundlePart",
    "Case",
    "CitationRegion",
    "CitedStandard",
    "Coding",
    "Comment",
    "ComplainantDisclosure",
    "Complaint",
    "Concern",
    "ConcernReader",
    "Conflict",
    "Consent",
    "Contact",
    "CopiedImage",
    "Deadline",
    "Delegation",
    "Delivery",
    "Digest",
    "Disagreement",
    "Disclosure",
    "Discretion",
    "Document",
    "DocumentAnswer",
    "Draft",
    "Enquiry",
    "EvidenceLink",
    "EvidenceRequest",
    "Examination",
    "Export",
    "FileCheck",
    "FinalDecision",
    "Finding",
    "FindingAuthor",
    "FindingEvidence",
    "GivenCase",
    "HospitalMessage",
    "ImagingImage",
    "ImagingSeries",
    "ImagingStudy",
    "InitialCheck",
    "Issue",
    "KnowledgeDate",
    "KnownDevice",
    "Line",
    "Link",
    "ListDraft",
    "ListVersion",
    "Mark",
    "Mediation",
    "Membership",
    "Merge",
    "Message",
    "Model",
    "MovedClock",
    "NameKey",
    "NameWord",
    "NamedAccess",
    "Note",
    "Notice",
    "NoticeChoice",
    "OpeningReason",
    "Organisation",
    "OrganisationFacts",
    "OrganisationToMatch",
    "PageText",
    "Paper",
    "Party",
    "Passkey",
    "PasswordLink",
    "Person",
    "PersonMerge",
    "PersonNameWord",
    "Proceeding",
    "ProposedRow",
    "ProvisionalViews",
    "Quarantine",
    "Receipt",
    "Recommendation",
    "RecoveryCode",
    "Redacting",
    "RedactionMark",
    "RegisterFile",
    "Rendition",
    "RequestItem",
    "RequestStep",
    "Response",
    "Restriction",
    "SavedFilter",
    "SearchText",
    "Stay",
    "Submission",
    "SubmissionDraft",
    "SubmissionFile",
    "SubmissionLink",
    "SubmittedDocument",
    "Succession",
    "Team",
    "TestAnswer",
    "TimelineRow",
    "TimelineStudy",
    "Upload",
    "UsedChallenge",
    "Vulnerability",
]
