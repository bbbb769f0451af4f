"""Who may do what, to which record, and who may know that it exists.

Three tables and three questions. A role grants permissions (`grants`); some permissions also need
something to be true of this person and this record (`conditions`); and each role sees its own
slice of the records (`visibility`). Ask `may` to decide whether to show a button, `require`
before doing, and `access_…` to get hold of a record at all: there is no other way to one.
"""

from app.policy.grants import GRANTS
from app.policy.permissions import Permission
from app.policy.questions import may, refusal, require
from app.policy.visibility import (
    access_case,
    access_complaint,
    access_document,
    access_recommendation,
    knows_of,
    visible_allegations,
    visible_cases,
    visible_complaints,
    visible_documents,
    visible_lines,
    visible_people,
    visible_recommendations,
)

__all__ = [
    "GRANTS",
    "Permission",
    "access_case",
    "access_complaint",
    "access_document",
    "access_recommendation",
    "knows_of",
    "may",
    "refusal",
    "require",
    "visible_allegations",
    "visible_cases",
    "visible_complaints",
    "visible_documents",
    "visible_lines",
    "visible_people",
    "visible_recommendations",
]
