from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from app.accounts.models import Account, Role
from app.complaints.models import Complaint, Part, Party
from app.consents import actions
from app.consents.models import ConsentWay
from app.core import clock
from app.people.models import Person


@dataclass
class Family:
    """A complaint that a daughter brings for her father, and a caseworker."""

    complaint: Complaint
    father: Person
    daughter: Person
    caseworker: Account
    session: Any

    def consents(self, **given: Any):
        """The father’s consent that the daughter acts for him."""
        values = {
            "giver": self.father,
            "to": self.daughter,
            "scopes": ["act"],
            "given_on": clock.today(),
            "way": ConsentWay.FORM,
        }
        made = actions.give(self.session, self.complaint, actor=self.caseworker, **values | given)
        self.session.flush()
        return made

    @property
    def acting(self) -> Party:
        return next(party for party in self.complaint.parties if party.person is self.daughter)


@pytest.fixture
def family(session, make):
    return family_of(session, make, make.complaint())


def family_of(session, make, complaint) -> Family:
    father = Person(name="Rufus Oakhanger", search_name="rufus oakhanger", born_on=date(1944, 5, 1))
    daughter = Person(name="Odile Oakhanger", search_name="odile oakhanger")
    complaint.parties.append(Party(person=daughter, part=Part.COMPLAINANT, basis="His daughter"))
    complaint.parties.append(Party(person=father, part=Part.PERSON_AFFECTED))
    session.flush()
    return Family(complaint, father, daughter, make.account(Role.CASEWORKER), session)
