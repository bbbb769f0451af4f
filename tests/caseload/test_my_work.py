"""My work begins with what is one's own, and holds what one may act on and no more."""

from __future__ import annotations

import pytest

from app.accounts.models import Role
from app.caseload.presets import parts_of_my_work

OWN, LATE = "Cases you have", "Overdue in the office"
APPROVE, GIVE, CHECK = (
    "Decisions waiting for approval",
    "Not given to anybody yet",
    "Complaints to be checked",
)


@pytest.mark.parametrize(
    ("role", "captions"),
    [
        (Role.CASEWORKER, [OWN, CHECK, LATE]),
        (Role.INVESTIGATOR, [OWN, LATE]),
        (Role.MANAGER, [OWN, APPROVE, GIVE, CHECK, LATE]),
    ],
)
def test_each_role_begins_the_day_with_what_it_may_act_on(make, role, captions):
    assert [part.caption for part in parts_of_my_work(make.account(role))] == captions
