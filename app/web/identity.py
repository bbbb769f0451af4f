"""Who is making this request. Flask-Login is used here and in no other module.

A sign-in is whole, or it is halfway: the password was right, and the second factor is still to be shown.
Halfway, nobody is signed in as far as anything else is concerned.
"""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.orm import Session

from app.accounts import devices, limits, passwords, sessions
from app.accounts.limits import Limit
from app.accounts.models import Account, AccountSession
from app.accounts.queries import by_email
from app.audit.models import Access
from app.database import SAFE_METHODS, db
from app.factors import actions as factors
from app.factors import passkeys
from app.factors.passkeys import Site
from app.factors.queries import has_one
from app.web import kept, visits
from app.web.cookies import device_token, keep_device

login_manager = LoginManager()

WRONG = "The e-mail address or the password is not right."
NOT_YOURS = "This is not your password."
TOO_OFTEN = "There have been too many attempts. Wait five minutes, then try again."


class SignedIn(UserMixin):
    """A living sign-in, as Flask-Login asks for one. Its id is the token that only the browser keeps."""

    def __init__(self, token: str, signed_in: AccountSession) -> None:
        self.id = token
        self.session_id = signed_in.id
        self.account = signed_in.account
        self.is_whole = signed_in.whole_at is not None
        self.is_fresh = sessions.is_fresh(signed_in)


def init_app(app: Flask) -> None:
    login_manager.init_app(app)

    @app.after_request
    def keep_device_token(response: Response) -> Response:
        if token := g.get("device"):
            keep_device(response, token)
        return response

    login_manager.session_protection = None  # a sign-in lives on the server, and is checked there

    @login_manager.user_loader
    def load(token: str) -> SignedIn | None:
        found = sessions.recognise(db.session, token)
        if found is None:
            return None
        visits.arrived(found)
        return SignedIn(token, found)

    @login_manager.unauthorized_handler
    def to_sign_in() -> ResponseReturnValue:
        if request.method in SAFE_METHODS:
            where = "factors.ask" if is_halfway() else "accounts.sign_in"
            return redirect(url_for(where, next=kept.this_page()))
        return kept.second_factor_page() if is_halfway() else kept.sign_in_page()


def is_signed_in() -> bool:
    """Whether anybody is, wholly."""
    return is_known() and bool(current_user.is_whole)


def is_halfway() -> bool:
    """Whether somebody's password was right, and they have still to show their second factor."""
    return is_known() and not current_user.is_whole


def is_known() -> bool:
    """Whether it is known who this is, signed in or halfway.

    It is not asked of the database again once a request is known to be broken.
    """
    return not g.get("broken") and bool(current_user.is_authenticated)


def is_fresh() -> bool:
    """Whether they have shown in the last minutes that it is them."""
    return bool(current_user.is_fresh)


def signed_in() -> Account:
    """The account making this request: the row itself, not Flask-Login's stand-in for it."""
    return cast(Account, current_user.account)


def signed_in_session_id() -> int:
    """The id of the sign-in making this request."""
    return cast(int, current_user.session_id)


def sign_in(email: str, password: str) -> str | None:
    """Sign somebody in, or say why not, in the same words whoever they are.

    Tries are counted before the password is looked at, on a transaction of their own, so that
    they count although the sign-in fails; the password is checked while no lock is held.
    """
    with db.aside() as aside:
        found = by_email(aside, email)
        tries = _tries(aside, found, email)
        spent = [limits.spend(aside, limit, subject) for limit, subject in tries]
        within = all(spent)
        whose = found.key if found else "nobody"
        password_hash = found.password_hash if found and found.is_active else None
    if not within:
        visits.note(Access.SIGN_IN_FAILED, "too often")
        return TOO_OFTEN
    if not passwords.fits(password, password_hash):
        visits.note(Access.SIGN_IN_FAILED, whose)
        return WRONG

    with db.aside() as aside:
        for limit, subject in tries:
            limits.give_back(aside, limit, subject)
        account = cast(Account, by_email(aside, email))
        if account.password_hash and passwords.is_outdated(account.password_hash):
            account.password_hash = passwords.hash_of(password)
        token = start(aside, account)
    begin(token)
    return None


def _tries(aside: Session, account: Account | None, email: str) -> tuple[tuple[Limit, str], ...]:
    """What a try to sign in is counted by: from a browser that has signed in here before, by that alone.

    So whatever strangers do, from wherever, the owner of an account does not wait for it.
    """
    token = device_token()
    if devices.knows(aside, account, token) and account is not None:
        return ((limits.SIGN_IN_DEVICE, f"{account.key} {token}"),)
    address = limits.network_of(request.remote_addr)
    return (limits.SIGN_IN_EMAIL, email), (limits.SIGN_IN_ADDRESS, address), (limits.SIGN_IN_ALL, "")


def known_as(account: Account) -> str:
    """What tries with codes are counted by: the account, and apart from strangers a browser it is known from."""
    token = device_token()
    return f"{account.key} {token}" if devices.knows(db.session, account, token) else account.key


def _know_this_device(session: Session, account: Account) -> None:
    """Know this browser again, now that somebody has wholly signed in from it."""
    g.device = device_token() or devices.new_token()
    devices.remember(session, account, g.device, browser=request.user_agent.string)


def start(aside: Session, account: Account, *, is_strong: bool = False) -> str:
    """The token of a new sign-in: whole if it is strong already, or no second factor is to be shown."""
    is_whole = is_strong or not (must_have_a_second_factor() or has_one(aside, account))
    if is_whole:
        _know_this_device(aside, account)
    browser = request.user_agent.string
    return sessions.start(aside, account, address=request.remote_addr, browser=browser, is_whole=is_whole)


def begin(token: str) -> None:
    """Have this browser keep the sign-in of that token, with nothing of whoever sat here before."""
    session.clear()  # a new form token with every sign-in
    g.pop("csrf_token", None)  # the one that the sign-in form was drawn with, kept for this request
    begun = cast(AccountSession, sessions.recognise(db.session, token))
    login_user(SignedIn(token, begun))
    visits.arrived(begun)
    visits.note(Access.SIGN_IN, "" if begun.whole_at else "halfway")


def rise(token: str) -> None:
    """Have this browser keep the new token of its sign-in, which has become worth more."""
    was_halfway = is_halfway()
    risen = sessions.recognise(db.session, token)
    if risen is None:  # it was ended meanwhile, from elsewhere
        forget()
        return
    if was_halfway:
        session.clear()
        g.pop("csrf_token", None)
    login_user(SignedIn(token, risen))
    if was_halfway and risen.whole_at:
        visits.note(Access.SIGN_IN, "second factor")


def show_second_factor(code: str, credential: str) -> str | None:
    """Why this code, or this answer of a passkey, is not taken; None if it was, which makes the sign-in whole.

    The challenge of a passkey is used up either way, and so is the try at a code.
    """
    with db.unit_of_work() as trying:
        if credential:
            waiting = passkeys.take_challenge(trying, signed_in_session_id())
            site = this_site()
            is_shown = passkeys.is_shown(trying, signed_in(), answer=credential, challenge=waiting, site=site)
            refused = None if is_shown else passkeys.NOT_TAKEN
        else:
            refused = factors.try_code(trying, signed_in(), code, counted_by=known_as(signed_in()))
        token = None if refused else sessions.renew(trying, signed_in_session_id(), is_whole=True)
        if token and is_halfway():
            _know_this_device(trying, signed_in())
    if token is None:
        visits.note(Access.SIGN_IN_FAILED, "second factor")
        return refused
    rise(token)
    return None


def this_site() -> Site:
    """The site a passkey is for: the host of this request, which is one of ours."""
    origin = f"{request.scheme}://{request.host}"
    return Site(host=urlsplit(origin).hostname or "", origin=origin)


def must_have_a_second_factor() -> bool:
    """Whether this office signs nobody in by a password alone."""
    return bool(current_app.config["SECOND_FACTOR_REQUIRED"])


def try_password(password: str) -> str | None:
    """Why this is not taken for the password of whoever makes this request; None if it is theirs.

    Tries are counted, and the password is checked while no lock is held, as for signing in.
    """
    account = signed_in()
    with db.unit_of_work() as counting:
        within = limits.spend(counting, limits.CONFIRM, account.key)
        key, kept_hash = account.key, account.password_hash
    if not within:
        return TOO_OFTEN
    if not passwords.fits(password, kept_hash):
        return NOT_YOURS
    with db.unit_of_work() as counting:
        limits.give_back(counting, limits.CONFIRM, key)
    return None


def forget() -> None:
    """Let the browser forget its sign-in. That the server has ended it is the caller's to see to."""
    logout_user()
    session.clear()
