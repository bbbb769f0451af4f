"""Who is making this request. Flask-Login is used here and in no other module."""

from __future__ import annotations

from typing import cast

from flask import Flask, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from app.accounts import limits, passwords, sessions
from app.accounts.models import Account, AccountSession
from app.accounts.queries import by_email
from app.audit.models import Access
from app.database import SAFE_METHODS, db
from app.web import kept, visits

login_manager = LoginManager()

WRONG = "The e-mail address or the password is not right."
TOO_OFTEN = "There have been too many attempts. Wait five minutes, then try again."


class SignedIn(UserMixin):
    """A living sign-in, as Flask-Login asks for one. Its id is the token that only the browser keeps."""

    def __init__(self, token: str, signed_in: AccountSession) -> None:
        self.id = token
        self.session_id = signed_in.id
        self.account = signed_in.account


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
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
            query = request.query_string.decode("utf-8", "replace")
            return redirect(url_for("accounts.sign_in", next=request.path + (f"?{query}" if query else "")))
        return kept.sign_in_page()


def is_signed_in() -> bool:
    """Whether anybody is; not asked of the database again once a request is known to be broken."""
    return not g.get("broken") and bool(current_user.is_authenticated)


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
    address = limits.network_of(request.remote_addr)
    tries = ((limits.SIGN_IN_EMAIL, email), (limits.SIGN_IN_ADDRESS, address), (limits.SIGN_IN_ALL, ""))
    with db.aside() as aside:
        spent = [limits.spend(aside, limit, subject) for limit, subject in tries]
        within = all(spent)
        found = by_email(aside, email)
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
        if passwords.is_outdated(account.password_hash):
            account.password_hash = passwords.hash_of(password)
        browser = request.user_agent.string
        token = sessions.start(aside, account, address=request.remote_addr, browser=browser)
    session.clear()  # a new form token with every sign-in, and nothing of the stranger before
    g.pop("csrf_token", None)  # the one that the sign-in form was drawn with, kept for this request
    begun = cast(AccountSession, sessions.recognise(db.session, token))
    login_user(SignedIn(token, begun))
    visits.arrived(begun)
    visits.note(Access.SIGN_IN, "")
    return None


def forget() -> None:
    """Let the browser forget its sign-in. That the server has ended it is the caller's to see to."""
    logout_user()
    session.clear()
