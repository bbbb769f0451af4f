"""Who acts in the demonstration office, and how far a complaint of it can come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from app.accounts.models import Account
from app.organisations.models import Organisation


class Station(IntEnum):
    """How far a complaint has come; its value is the day of its last act, counted from receipt."""

    RECEIVED = 2
    TO_BE_CHECKED = 4
    REFUSED = 9
    ACCEPTED = 10
    ALLOCATED = 14
    INVESTIGATED = 32
    FOUND = 52
    SHARED = 55
    COMMENTED = 66
    PROPOSED = 82
    ISSUED = 88
    AGREED = 95
    SUBMITTED = 130
    CLOSED = 150


@dataclass(frozen=True)
class Cast:
    """Who acts in the demonstration office."""

    caseworker: Account
    investigators: tuple[Account, ...]
    manager: Account
    ombudsman: Account
    liaisons: dict[str, Account]
    trusts: tuple[Organisation, ...]
    others: tuple[Organisation, ...]
