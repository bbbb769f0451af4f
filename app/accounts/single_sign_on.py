"""Single sign-on with an OpenID Connect issuer: authorisation code, PKCE, nonce, and a state that counts once.

The issuer says who somebody is. Whether they have an account here, administrators say, and their second
factor is asked for here all the same.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts import actions
from app.accounts.limits import Limit, spend
from app.accounts.models import Account, Role
from app.accounts.queries import by_email
from app.core.errors import RuleBroken

#: How long somebody may be away at the issuer, in seconds; how long we wait for its answers.
AWAY, PATIENCE = 600, 5
#: The signatures that are believed. “None” is not one of them.
ALGORITHMS = ("RS256", "PS256", "ES256")
#: A state is a limit that one try uses up.
STATE = Limit("sign_on_state", 1, timedelta(days=1))
NOT_TOLD = "The single sign-on did not say who you are. Start again from this page."
NOBODY = "The single sign-on knows you, but you cannot sign in here. Ask an administrator of this service."


@dataclass(frozen=True)
class Issuer:
    """Who tells us who somebody is, and which of its claims gives which role; without roles, none does."""

    address: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str = ""
    roles: Mapping[str, Role] = field(default_factory=dict)


@dataclass(frozen=True)
class Waiting:
    """What is kept of somebody who has left for the issuer, to compare with what comes back."""

    state: str
    nonce: str
    verifier: str
    window: str


def roles_in(words: str) -> tuple[str, Mapping[str, Role]]:
    """A claim, and which of its values give which role, as the setting OIDC_ROLES says. Raises `ValueError`."""
    claim, *pairs = words.split() or [""]
    roles = {value: Role(role) for value, _, role in (pair.rpartition("=") for pair in pairs)}
    if Role.LIAISON in roles.values():
        raise ValueError("a liaison officer answers for an organisation, which no claim names")
    return claim, roles


def leave(issuer: Issuer, back: str) -> tuple[str, Waiting]:
    """The address to send a browser to, and what is to be kept meanwhile."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    waiting = Waiting(state, nonce, verifier, STATE.window_start().isoformat())
    client = _client(issuer, back)
    address, _state = client.create_authorization_url(
        _discovered(issuer)["authorization_endpoint"],
        state=waiting.state,
        nonce=waiting.nonce,
        code_verifier=waiting.verifier,
    )
    return str(address), waiting


def come_back(session: Session, waiting: Waiting | None, *, state: str) -> Waiting:
    """What was kept, for this state, which counts once. Raises `RuleBroken`."""
    if waiting is None or waiting.window != STATE.window_start().isoformat():
        raise RuleBroken(NOT_TOLD)
    if not secrets.compare_digest(waiting.state.encode(), state.encode("utf-8", "replace")):
        raise RuleBroken(NOT_TOLD)
    if not spend(session, STATE, waiting.state):
        raise RuleBroken(NOT_TOLD)
    return waiting


def claims_of(issuer: Issuer, back: str, waiting: Waiting, *, code: str) -> dict[str, Any]:
    """What the issuer says in exchange for the code, once all of it is checked. Raises `RuleBroken`."""
    from authlib.common.errors import AuthlibBaseError
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet
    from requests import RequestException

    try:
        said = _discovered(issuer)
        token = _client(issuer, back).fetch_token(
            said["token_endpoint"], code=code, code_verifier=waiting.verifier, timeout=PATIENCE
        )
        keys = KeySet.import_key_set({"keys": _asked(said["jwks_uri"])["keys"]})
        claims = jwt.decode(token["id_token"], keys, algorithms=list(ALGORITHMS)).claims
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": issuer.address},
            aud={"essential": True, "value": issuer.client_id},
            nonce={"essential": True, "value": waiting.nonce},
            exp={"essential": True},
            sub={"essential": True},
        ).validate(claims)
    except (AuthlibBaseError, JoseError, RequestException, KeyError, TypeError, ValueError):
        raise RuleBroken(NOT_TOLD) from None
    return dict(claims)


def account_for(session: Session, issuer: Issuer, claims: Mapping[str, Any]) -> Account:
    """The account of whoever the issuer vouches for: one that is there, of staff, by an address that it verified.

    Where claims give roles, theirs are exactly those from now on, and nobody signs in whom none is given.
    Raises `RuleBroken`.
    """
    email = claims.get("email")
    account = (
        by_email(session, email) if isinstance(email, str) and claims.get("email_verified") is True else None
    )
    if account is None or not account.is_active or account.is_liaison:
        raise RuleBroken(NOBODY)
    if issuer.roles:
        given = roles_given(issuer, claims)
        if not given:
            raise RuleBroken(NOBODY)
        if given != account.roles:
            actions.change_roles(session, account, actor=None, roles=given)
    return account


def roles_given(issuer: Issuer, claims: Mapping[str, Any]) -> frozenset[Role]:
    """The roles that the values of the claim give, and no others."""
    values = claims.get(issuer.claim)
    listed = values if isinstance(values, list) else [values]
    return frozenset(
        issuer.roles[value] for value in listed if isinstance(value, str) and value in issuer.roles
    )


def _client(issuer: Issuer, back: str) -> Any:
    from authlib.integrations.requests_client import OAuth2Session

    return OAuth2Session(
        issuer.client_id,
        issuer.client_secret,
        redirect_uri=back,
        scope="openid email profile",
        code_challenge_method="S256",
    )


def _discovered(issuer: Issuer) -> dict[str, Any]:
    said = _asked(f"{issuer.address.rstrip('/')}/.well-known/openid-configuration")
    if said.get("issuer") != issuer.address:
        raise ValueError("the issuer calls itself something else")
    return said


def _asked(address: str) -> dict[str, Any]:
    import requests

    answer = requests.get(address, timeout=PATIENCE, allow_redirects=False)
    answer.raise_for_status()
    said = answer.json()
    if not isinstance(said, dict):
        raise ValueError("not what an issuer says")
    return said
