"""The same headers on every answer, and no answer to a form that another site sends."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from app.database import SAFE_METHODS

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
#: Pages whose address is a secret: what they lead to is told where they are, not which they are.
SECRET_ADDRESSES = frozenset({"accounts.choose_password", "front_door.come_back"})
TWO_YEARS = "max-age=63072000; includeSubDomains"


def init_app(app: Flask) -> None:
    @app.before_request
    def refuse_other_sites() -> None:
        if request.method not in SAFE_METHODS and _is_from_elsewhere():
            abort(403, "This form was sent from another site. Nothing has been saved.")

    @app.after_request
    def set_headers(response: Response) -> Response:
        if request.endpoint in SECRET_ADDRESSES:
            response.headers["Referrer-Policy"] = "strict-origin"
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = TWO_YEARS
        return response


def _is_from_elsewhere() -> bool:
    """Whether the browser says that another site sent this. Browsers that say nothing have the form token."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc != request.host
    except ValueError:
        return True
