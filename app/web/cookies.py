"""The cookies: a signed note of which sign-in this browser has, and its form token; and beside it a token by
which the browser is known again, which opens nothing (see `app.accounts.devices`).

`__Host-` and Secure everywhere but on plain http to this very machine, where browsers refuse them.
"""

from __future__ import annotations

from ipaddress import ip_address

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface

from app.accounts.devices import KNOWN_FOR, TOKEN
from config import Office

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})


def is_loopback_http() -> bool:
    """Whether this request came over plain http, from this machine, to a loopback name, and may."""
    if request.is_secure or current_app.config["OFFICE"] is Office.PRODUCTION:
        return False
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    try:
        return host in LOOPBACK_HOSTS and ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def device_token() -> str:
    """What this browser keeps of having been signed in with before; empty if nothing, or nothing of our making."""
    token = request.cookies.get(_device_cookie(), "")
    return token if TOKEN.fullmatch(token) else ""


def keep_device(response: Response, token: str) -> None:
    """Have this browser keep its token for a long time, over signing out, for this host alone."""
    response.set_cookie(
        _device_cookie(),
        token,
        max_age=KNOWN_FOR,
        secure=not is_loopback_http(),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def _device_cookie() -> str:
    return "second-read-device" if is_loopback_http() else "__Host-second-read-device"


class SessionCookie(SecureCookieSessionInterface):
    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002
        return "second-read" if is_loopback_http() else "__Host-second-read"

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        return not is_loopback_http()

    def get_cookie_domain(self, app: Flask) -> None:  # noqa: ARG002
        return None

    def get_cookie_path(self, app: Flask) -> str:  # noqa: ARG002
        return "/"
