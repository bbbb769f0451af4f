"""Passkeys (WebAuthn): the browser asks a key to sign a challenge that only this sign-in was given."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import Account, AccountSession
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.factors import queries
from app.factors.events import SecondFactorAdded
from app.factors.models import Passkey

#: How long a challenge may wait to be signed.
PATIENCE = timedelta(minutes=5)
#: The longest answer of a browser that is read, in characters.
LONGEST = 20_000
NOT_TAKEN = "The passkey was not accepted. Try again."


@dataclass(frozen=True)
class Site:
    """What a passkey is for: the host it is bound to, and the address pages of ours come from."""

    host: str
    origin: str


def challenge_to_add(session: Session, signed_in_id: int, account: Account, site: Site) -> str:
    """What the browser is to ask a new key, in JSON; it counts once, for this sign-in."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=site.host,
        rp_name="Second Read",
        user_id=account.key.encode(),
        user_name=account.email,
        user_display_name=account.name,
        exclude_credentials=_known(session, account),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    _keep(session, signed_in_id, options.challenge)
    return options_to_json(options)


def challenge_to_show(session: Session, signed_in_id: int, account: Account, site: Site) -> str:
    """What the browser is to ask a key of this account, in JSON; it counts once, for this sign-in."""
    from webauthn import generate_authentication_options, options_to_json

    options = generate_authentication_options(rp_id=site.host, allow_credentials=_known(session, account))
    _keep(session, signed_in_id, options.challenge)
    return options_to_json(options)


def add(
    session: Session,
    account: Account,
    *,
    actor: Account,
    name: str,
    answer: str,
    challenge: bytes | None,
    site: Site,
) -> Passkey:
    """Take a new key into use that has signed the challenge."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    if account is not actor:
        raise RuleBroken("Everybody sets up their own second factor.")
    if len(queries.passkeys_of(session, account)) >= queries.MOST_PASSKEYS:
        raise RuleBroken(f"You have {queries.MOST_PASSKEYS} passkeys. Remove one that you no longer use.")
    given = read_answer(answer)
    if given is None or challenge is None:
        raise RuleBroken(NOT_TAKEN)
    try:
        verified = verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise RuleBroken(NOT_TAKEN) from None
    credential = bytes_to_base64url(verified.credential_id)
    if session.scalar(select(Passkey).where(Passkey.credential == credential)):
        raise RuleBroken("This passkey is known already.")
    passkey = Passkey(
        account=account,
        name=name,
        credential=credential,
        public_key=bytes_to_base64url(verified.credential_public_key),
        sign_count=verified.sign_count,
    )
    session.add(passkey)
    record(session, SecondFactorAdded(account=account.key, what=f"passkey {name}"), actor=actor)
    return passkey


def is_shown(session: Session, account: Account, *, answer: str, challenge: bytes | None, site: Site) -> bool:
    """Whether a key of this account has signed the challenge; notes that it was used."""
    given = read_answer(answer)
    mine = {passkey.credential: passkey for passkey in queries.passkeys_of(session, account)}
    passkey = mine.get(str(given.get("id", ""))) if given else None
    if given is None or passkey is None or challenge is None:
        return False
    used = times_used(passkey, given, challenge, site)
    if used is None:
        return False
    passkey.sign_count, passkey.last_used_at = used, clock.now()
    return True


def times_used(
    passkey: Passkey, given: dict[str, Any], challenge: bytes, site: Site, *, made_sure: bool = False
) -> int | None:
    """How often the key says it was used by now, if it has signed the challenge; None if it has not.

    `made_sure`: it has also to have made sure who holds it.
    """
    from webauthn import verify_authentication_response
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        verified = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=made_sure,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return verified.new_sign_count


def take_challenge(session: Session, signed_in_id: int) -> bytes | None:
    """The challenge this sign-in was given, which nobody gets again; None if it has none, or an old one."""
    mine = AccountSession.id == signed_in_id
    waiting = session.execute(
        select(AccountSession.challenge, AccountSession.challenged_at).where(mine)
    ).first()
    session.execute(update(AccountSession).where(mine).values(challenge=None, challenged_at=None))
    if waiting is None or waiting.challenge is None or clock.wall() - waiting.challenged_at > PATIENCE:
        return None
    return bytes.fromhex(waiting.challenge)


def _keep(session: Session, signed_in_id: int, challenge: bytes) -> None:
    mine = update(AccountSession).where(AccountSession.id == signed_in_id)
    session.execute(mine.values(challenge=challenge.hex(), challenged_at=clock.wall()))


def _known(session: Session, account: Account) -> list[Any]:
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    mine = queries.passkeys_of(session, account)
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.credential)) for passkey in mine]


def read_answer(answer: str) -> dict[str, Any] | None:
    """What a browser says of a key, if it is JSON of a size that makes sense."""
    try:
        given = json.loads(answer) if len(answer) <= LONGEST else None
    except (ValueError, RecursionError):
        return None
    return given if isinstance(given, dict) else None
