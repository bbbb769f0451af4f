from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class AccountCreated(Event):
    name: ClassVar = "account.created"
    account: str
    email: str
    roles: list[str]
    organisation: str | None


@dataclass(frozen=True, kw_only=True)
class DeviceForgotten(Event):
    name: ClassVar = "device.forgotten"
    account: str


@dataclass(frozen=True, kw_only=True)
class RolesChanged(Event):
    name: ClassVar = "roles.changed"
    account: str
    roles: list[str]
    were: list[str]
    organisation: str | None
    was_at: str | None
    team: str = ""
    was_in: str = ""


@dataclass(frozen=True, kw_only=True)
class AccountSuspended(Event):
    name: ClassVar = "account.suspended"
    account: str


@dataclass(frozen=True, kw_only=True)
class AccountRestored(Event):
    name: ClassVar = "account.restored"
    account: str


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    name: ClassVar = "password.changed"
    account: str


@dataclass(frozen=True, kw_only=True)
class PasswordLinkSent(Event):
    name: ClassVar = "password_link.sent"
    account: str
    purpose: str


@dataclass(frozen=True, kw_only=True)
class PasswordChosen(Event):
    name: ClassVar = "password.chosen"
    account: str
    by: str


@dataclass(frozen=True, kw_only=True)
class SignInsEnded(Event):
    name: ClassVar = "sign_ins.ended"
    account: str
    which: str
