from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account
from app.core import clock
from app.core.model import Model
from app.core.types import Digest


class Authenticator(Model):
    """An app that shows a new code every thirty seconds (RFC 6238). An account has one."""

    __tablename__ = "authenticator"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    secret: Mapped[str] = mapped_column(comment="locked: see app.core.sealing")
    last_step: Mapped[int] = mapped_column(comment="of the last code that was taken; none of it or before is")
    added_at: Mapped[datetime] = mapped_column(default=clock.now)

    account: Mapped[Account] = relationship()


class RecoveryCode(Model):
    """One of the codes for whoever has lost the rest. Only a hash of it is kept."""

    __tablename__ = "recovery_code"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(Digest, unique=True)
    used_at: Mapped[datetime | None]


class UsedChallenge(Model):
    """A challenge that a passkey has signed to sign somebody in: nobody signs in by it again."""

    __tablename__ = "used_challenge"

    challenge_hash: Mapped[str] = mapped_column(Digest, unique=True)
    used_at: Mapped[datetime] = mapped_column(index=True, comment="by the machine's clock")


class Passkey(Model):
    """A key that a telephone, a computer or a stick keeps, and signs with (WebAuthn)."""

    __tablename__ = "passkey"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(comment="what its holder calls it")
    credential: Mapped[str] = mapped_column(unique=True, comment="its name for itself, in base64url")
    public_key: Mapped[str] = mapped_column(comment="in base64url")
    sign_count: Mapped[int] = mapped_column(comment="as the key counts; many always say 0")
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()
