from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.model import Created, Model, Versioned
from app.core.references import new_key
from app.core.terms import Term
from app.core.types import Digest, Key

if TYPE_CHECKING:
    from app.delegations.models import Delegation
    from app.duties.models import Absence, Conflict
    from app.organisations.models import Organisation


class Role(Term):
    """What somebody is in the office's work. A member of staff may be several of these."""

    CASEWORKER = "caseworker"
    INVESTIGATOR = "investigator"
    MANAGER = "manager"
    OMBUDSMAN = "ombudsman"
    ADMINISTRATOR = "administrator"
    LIAISON = "liaison", "Liaison officer"


STAFF = frozenset(Role) - {Role.LIAISON}


class Account(Created, Versioned, Model):
    """Someone who signs in. `organisation` is whom a liaison officer answers for; staff have none."""

    __tablename__ = "account"

    key: Mapped[str] = mapped_column(Key, unique=True, default=new_key)
    email: Mapped[str] = mapped_column(unique=True, comment="lower case")
    name: Mapped[str]
    password_hash: Mapped[str | None] = mapped_column(comment="null: has not chosen a password yet")
    is_active: Mapped[bool] = mapped_column(default=True)
    team: Mapped[str] = mapped_column(default="", index=True, comment="its name; empty: in none")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)

    organisation: Mapped[Organisation | None] = relationship()
    held: Mapped[list[AccountRole]] = relationship(cascade="all, delete-orphan", order_by="AccountRole.id")
    #: Conflicts of interest that have not been lifted; absences that were not ended, own and those covered
    conflicts: Mapped[list[Conflict]] = relationship(
        primaryjoin="and_(Conflict.account_id == Account.id, Conflict.lifted_at.is_(None))", viewonly=True
    )
    absences: Mapped[list[Absence]] = relationship(
        primaryjoin="and_(Absence.account_id == Account.id, Absence.ended_at.is_(None))", viewonly=True
    )
    covering: Mapped[list[Absence]] = relationship(
        primaryjoin="and_(Absence.cover_id == Account.id, Absence.ended_at.is_(None))", viewonly=True
    )

    #: What others delegated to this account and did not withdraw; whether it holds is for `policy`
    delegated: Mapped[list[Delegation]] = relationship(
        primaryjoin="and_(Delegation.to_id == Account.id, Delegation.withdrawn_at.is_(None))",
        order_by="Delegation.id",
        viewonly=True,
    )

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(held.role for held in self.held)

    def covers(self, account_id: int | None) -> bool:
        """Whether this account does the work of that one today, while it is away."""
        return any(absence.account_id == account_id for absence in self.covers_today)

    @property
    def covers_today(self) -> list[Absence]:
        """The absences of others whose work this account does today."""
        return [absence for absence in self.covering if absence.holds_on(clock.today())]

    def absence_on(self, day: date) -> Absence | None:
        """The absence of this account on a day, with who covers; None when they are there."""
        return next((absence for absence in self.absences if absence.holds_on(day)), None)

    @property
    def answers_for(self) -> frozenset[int]:
        """The organisations a liaison officer answers for, by id: their own, and what was opened to it."""
        own = self.organisation
        return frozenset({own.id, *(one.was_id for one in own.opened)} if own else ())

    @property
    def is_liaison(self) -> bool:
        return Role.LIAISON in self.roles


class AccountRole(Model):
    """That an account holds a role now. Who gave or took it, and when, is in the record."""

    __tablename__ = "account_role"
    __table_args__ = (UniqueConstraint("account_id", "role"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role]


class AccountSession(Model):
    """One sign-in, until it is ended, too long idle or too old. Only a hash of its token is kept.

    It is whole once everything was shown that is asked of this account. Until then it opens nothing.
    """

    __tablename__ = "account_session"
    __table_args__ = (Index(None, "account_id", "ended_at"),)

    token_hash: Mapped[str] = mapped_column(Digest, unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime] = mapped_column(default=clock.wall, comment="by the machine's clock")
    last_seen_at: Mapped[datetime] = mapped_column(default=clock.wall, comment="by the machine's clock")
    whole_at: Mapped[datetime | None] = mapped_column(comment="null: the second factor is still to be shown")
    proved_at: Mapped[datetime] = mapped_column(
        default=clock.wall, comment="when a password or second factor was last shown; by the machine's clock"
    )
    challenge: Mapped[str | None] = mapped_column(comment="what a passkey is to sign, until it is used")
    challenged_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    address: Mapped[str | None]
    browser: Mapped[str] = mapped_column(default="", comment="what the browser called itself")

    account: Mapped[Account] = relationship()


class KnownDevice(Model):
    """That somebody has wholly signed in from a browser, which keeps a token of it; only a hash is kept here.

    Two accounts that share a browser have hashes that say nothing of each other.
    """

    __tablename__ = "known_device"
    __table_args__ = (Index(None, "account_id", "ended_at"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    token_hash: Mapped[str] = mapped_column(Digest, unique=True)
    browser: Mapped[str] = mapped_column(default="", comment="what the browser called itself")
    first_seen_at: Mapped[datetime] = mapped_column(default=clock.wall, comment="by the machine's clock")
    last_seen_at: Mapped[datetime] = mapped_column(default=clock.wall, comment="by the machine's clock")
    ended_at: Mapped[datetime | None]


class LinkPurpose(Term):
    """Why somebody is sent a link by which to choose a password."""

    INVITATION = "invitation"
    FORGOTTEN = "forgotten", "Forgotten password"


class PasswordLink(Model):
    """A link by which to choose a password, once. All instants are by the machine's clock.

    Only a hash of its token is kept; the token is made when the letter is sent, see `app.core.sealing`.
    """

    __tablename__ = "password_link"
    __table_args__ = (Index(None, "account_id", "ended_at"),)

    token_hash: Mapped[str] = mapped_column(Digest, unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    purpose: Mapped[LinkPurpose]
    email: Mapped[str] = mapped_column(comment="where it was sent; another address ends it")
    made_at: Mapped[datetime] = mapped_column(default=clock.wall)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(comment="by a newer one, a password or a suspension")

    account: Mapped[Account] = relationship()


class AttemptCount(Model):
    """How often something limited was tried in one window of time. Counts hold across all processes."""

    __tablename__ = "attempt_count"
    __table_args__ = (
        UniqueConstraint("limit_name", "subject", "window_start"),
        CheckConstraint("count >= 0", name="not_negative"),
    )

    limit_name: Mapped[str]
    subject: Mapped[str] = mapped_column(Digest, comment="a hash of the e-mail or network address")
    window_start: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]
