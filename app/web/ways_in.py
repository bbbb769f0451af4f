"""Ways in beside the password: the single sign-on of an office, and a passkey alone."""

from __future__ import annotations

import json
from dataclasses import astuple

from flask import current_app, request, session, url_for

from app.accounts import limits, single_sign_on
from app.accounts.single_sign_on import Issuer, Waiting
from app.audit.models import Access
from app.core import sealing
from app.core.errors import NotFound, RuleBroken
from app.database import db
from app.factors import alone, passkeys
from app.web import visits
from app.web.identity import TOO_OFTEN, begin, start, this_site


def issuer() -> Issuer:
    """Who says who somebody is, at an office with single sign-on. Raises `NotFound` at others."""
    config = current_app.config
    if not config["OIDC_ISSUER"]:
        raise NotFound("There is no single sign-on here.")
    names = config["OIDC_ISSUER"], config["OIDC_CLIENT_ID"], config["OIDC_CLIENT_SECRET"]
    return Issuer(*names, *single_sign_on.roles_in(config["OIDC_ROLES"]))


def leave_for_the_issuer(wanted: str | None) -> str:
    """The address at the issuer; what must come back waits, locked, in the cookie."""
    address, waiting = single_sign_on.leave(issuer(), _back())
    session["sign_on"] = sealing.lock(json.dumps([*astuple(waiting), wanted or ""]))
    return address


def come_back_from_the_issuer(*, state: str, code: str) -> str:
    """Sign in whoever the issuer vouches for, and give the page they wanted. Raises `RuleBroken`."""
    locked = session.pop("sign_on", "")
    kept_words = sealing.unlock(locked, seconds=single_sign_on.AWAY) if locked else None
    *parts, wanted = json.loads(kept_words) if kept_words else [""]
    waiting = Waiting(*parts) if parts else None
    by = issuer()
    try:
        with db.aside() as aside:
            known = single_sign_on.come_back(aside, waiting, state=state)
        claims = single_sign_on.claims_of(by, _back(), known, code=code)
        with db.unit_of_work() as working:
            token = start(working, single_sign_on.account_for(working, by, claims))
    except RuleBroken:
        visits.note(Access.SIGN_IN_FAILED, "single sign-on")
        raise
    begin(token)
    return str(wanted)


def _back() -> str:
    """Where the issuer sends people back to."""
    return f"{this_site().origin}{url_for('accounts.single_sign_on_back')}"


def ask_a_passkey_alone() -> str:
    """What the browser is to ask any passkey of ours, in JSON; the challenge waits, locked, in the cookie."""
    options, session["passkey"] = alone.ask(this_site())
    return options


def sign_in_by_passkey(answer: str) -> str | None:
    """Sign in whoever holds the passkey, or say why not. It is both factors at once."""
    locked, address = session.pop("passkey", ""), limits.network_of(request.remote_addr)
    with db.aside() as aside:
        within = limits.spend(aside, limits.PASSKEY_ADDRESS, address)
    if not within:
        visits.note(Access.SIGN_IN_FAILED, "too often")
        return TOO_OFTEN
    with db.aside() as aside:
        account = alone.whose(aside, answer=answer, locked=locked, site=this_site())
        token = start(aside, account, is_strong=True) if account else None
        if account:
            limits.give_back(aside, limits.PASSKEY_ADDRESS, address)
    if token is None:
        visits.note(Access.SIGN_IN_FAILED, "passkey")
        return passkeys.NOT_TAKEN
    begin(token)
    return None
