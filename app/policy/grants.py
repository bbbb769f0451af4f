from __future__ import annotations

from app.accounts.models import Role
from app.policy.permissions import Permission

_MANAGER = frozenset(
    {
        Permission.ALLEGATION_CHECK,
        Permission.ALLEGATION_CODE,
        Permission.ALLEGATION_CONFIRM_CODES,
        Permission.ALLEGATION_RECORD,
        Permission.CASE_ALLOCATE,
        Permission.CASE_CLOSE,
        Permission.CASE_CORRECT,
        Permission.CASE_INVESTIGATE,
        Permission.CASE_LIST,
        Permission.CASE_TAKE_BACK,
        Permission.CASE_VIEW,
        Permission.CLOCK_MOVE,
        Permission.COMMENT_ANSWER,
        Permission.COMMENT_RECORD,
        Permission.COMPLAINT_ACCEPT,
        Permission.COMPLAINT_CHANGE,
        Permission.COMPLAINT_CLOSE,
        Permission.COMPLAINT_LIST,
        Permission.COMPLAINT_LOG,
        Permission.COMPLAINT_VIEW,
        Permission.DECISION_APPROVE,
        Permission.DECISION_PROPOSE,
        Permission.DOCUMENT_ADD,
        Permission.DOCUMENT_DISCLOSE,
        Permission.DOCUMENT_READ,
        Permission.FINDING_WRITE,
        Permission.ORGANISATION_ADD,
        Permission.ORGANISATION_VIEW,
        Permission.PROVISIONAL_VIEWS_SHARE,
        Permission.TIME_EXTEND,
        Permission.RECOMMENDATION_JUDGE,
        Permission.RECOMMENDATION_LIST,
        Permission.RECOMMENDATION_MAKE,
        Permission.REFERENCE_VIEW,
    }
)

#: What each role may do, said in full: nobody is granted “everything”, so a new permission is
#: nobody's yet. The ombudsman may do all that a manager may, and what is delegated to nobody.
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.CASEWORKER: frozenset(
        {
            Permission.ALLEGATION_CHECK,
            Permission.ALLEGATION_CODE,
            Permission.ALLEGATION_RECORD,
            Permission.CASE_CORRECT,
            Permission.CASE_LIST,
            Permission.CASE_VIEW,
            Permission.CLOCK_MOVE,
            Permission.COMMENT_RECORD,
            Permission.COMPLAINT_ACCEPT,
            Permission.COMPLAINT_CHANGE,
            Permission.COMPLAINT_CLOSE,
            Permission.COMPLAINT_LIST,
            Permission.COMPLAINT_LOG,
            Permission.COMPLAINT_VIEW,
            Permission.DOCUMENT_ADD,
            Permission.DOCUMENT_READ,
            Permission.ORGANISATION_ADD,
            Permission.ORGANISATION_VIEW,
            Permission.RECOMMENDATION_LIST,
            Permission.REFERENCE_VIEW,
        }
    ),
    Role.INVESTIGATOR: frozenset(
        {
            Permission.ALLEGATION_CODE,
            Permission.ALLEGATION_CONFIRM_CODES,
            Permission.ALLEGATION_RECORD,
            Permission.CASE_CORRECT,
            Permission.CASE_INVESTIGATE,
            Permission.CASE_LIST,
            Permission.CASE_VIEW,
            Permission.CLOCK_MOVE,
            Permission.COMMENT_ANSWER,
            Permission.COMMENT_RECORD,
            Permission.COMPLAINT_LIST,
            Permission.COMPLAINT_VIEW,
            Permission.DECISION_PROPOSE,
            Permission.DOCUMENT_ADD,
            Permission.DOCUMENT_DISCLOSE,
            Permission.DOCUMENT_READ,
            Permission.FINDING_WRITE,
            Permission.ORGANISATION_VIEW,
            Permission.PROVISIONAL_VIEWS_SHARE,
            Permission.RECOMMENDATION_JUDGE,
            Permission.RECOMMENDATION_LIST,
            Permission.RECOMMENDATION_MAKE,
            Permission.REFERENCE_VIEW,
        }
    ),
    Role.MANAGER: _MANAGER,
    Role.OMBUDSMAN: _MANAGER | {Permission.RECOMMENDATION_WITHDRAW},
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.ACCOUNT_MANAGE,
            Permission.CLOCK_MOVE,
            Permission.ORGANISATION_ADD,
            Permission.ORGANISATION_VIEW,
            Permission.REFERENCE_VIEW,
        }
    ),
    Role.LIAISON: frozenset(
        {
            Permission.DOCUMENT_READ_DISCLOSED,
            Permission.RECOMMENDATION_ANSWER,
            Permission.TRUST_VIEW,
        }
    ),
}
