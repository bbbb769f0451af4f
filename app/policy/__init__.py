"""Who may do what, to which record, and who may know that it exists.

Three tables and three questions. A role grants permissions (`grants`), and some of them whoever has the role
may delegate to a named person (`questions`); some permissions also need
something to be true of this person and this record (`conditions`); and each role sees its own
slice of the records (`visibility`). Ask `may` to decide whether to show a button, `require`
before doing, and `access_…` to get hold of a record at all: there is no other way to one.
"""

from app.policy.grants import DELEGABLE, GRANTS
from app.policy.permissions import Permission
from app.policy.questions import delegated_to, holders, holds_by_role, may, refusal, require
from app.policy.restricted import restricted_of
from app.policy.visibility import (
    access_case,
    access_complaint,
    access_concern,
    access_document,
    access_recommendation,
    is_closed,
    knows_of,
    visible_allegations,
    visible_cases,
    visible_complaints,
    visible_concerns,
    visible_documents,
    visible_lines,
    visible_people,
    visible_recommendations,
    visible_requests,
)

__all__ = [
    "DELEGABLE",
    "GRANTS",
    "Permission",
    "access_case",
    "access_complaint",
    "access_concern",
    "access_document",
    "access_recommendation",
    "delegated_to",
    "holders",
    "holds_by_role",
    "is_closed",
    "knows_of",
    "may",
    "refusal",
    "require",
    "restricted_of",
    "visible_allegations",
    "visible_cases",
    "visible_complaints",
    "visible_concerns",
    "visible_documents",
    "visible_lines",
    "visible_people",
    "visible_recommendations",
    "visible_requests",
]
