"""What somebody typed survives their sign-in: it waits, signed, in the page that asks them to sign in again.

Nothing is kept on the server. Files cannot be kept by a browser this way, and the page says so.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.exceptions import HTTPException

#: Fields that are made anew, and pages whose answers are secrets.
NOT_KEPT = frozenset({"csrf_token"})
#: Text shorter than this is quickly typed again.
WORTH_KEEPING = 12
SECRET_PAGES = frozenset(
    {
        "accounts.change_password",
        "accounts.choose_password",
        "accounts.confirm",
        "accounts.forgotten_password",
        "accounts.sign_in",
        "factors.add_passkey",
        "factors.ask",
        "factors.challenge",
        "factors.set_up_authenticator",
        "factors.sign_in",
    }
)


def this_page() -> str:
    """The path of this request with its question, to come back to."""
    query = request.query_string.decode("utf-8", "replace")
    return request.path + (f"?{query}" if query else "")


def page_wanted() -> str | None:
    """The page that this request says is wanted next, if it is one of ours that can be looked at; else None."""
    wanted = request.args.get("next")
    if not wanted or not _is_local(wanted):
        return None
    try:
        current_app.create_url_adapter(request).match(wanted.partition("?")[0], method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return None
    return wanted


def this_form() -> str:
    """The address of this page without the draft that its form may go on from."""
    path, _, query = this_page().partition("?")
    rest = "&".join(part for part in query.split("&") if part and not part.startswith("draft="))
    return f"{path}?{rest}" if rest else path


def sign_in_page() -> ResponseReturnValue:
    """The sign-in page, holding what was just sent in vain."""
    from app.accounts.forms import SignInForm
    from app.factors.forms import AloneForm

    form = SignInForm(formdata=None)
    form.kept.data = _packed()
    page = render_template(
        "accounts/sign_in.html",
        form=form,
        alone=AloneForm(formdata=None),
        kept=bool(form.kept.data),
        wanted=None,
    )
    return page, 401


def second_factor_page(packed: str | None = None) -> ResponseReturnValue:
    """The page that asks for the second factor, holding what was sent in vain, or `packed` from before."""
    from app.factors.views import ask_page

    return ask_page(_packed() if packed is None else packed)


def confirm_page() -> ResponseReturnValue:
    """The page that asks somebody to show again that it is them, holding what they sent."""
    from app.accounts.views import page_to_confirm

    return page_to_confirm(_packed())


def way_on(packed: str | None, wanted: str | None) -> ResponseReturnValue:
    """On from signing in, or from showing more: with what was kept, or to the page that was wanted."""
    from app.web.identity import is_halfway

    if is_halfway():
        asking = redirect(url_for("factors.ask", next=wanted or None))
        return second_factor_page(packed) if _unpacked(packed) else asking
    return carry_on_page(packed) or redirect(local_path(wanted))


def carry_on_page(packed: str | None, status: int = 200) -> ResponseReturnValue | None:
    """A page that sends on what was kept, at a press of its button; None if nothing was."""
    kept = _unpacked(packed)
    if kept is None:
        return None
    return render_template("accounts/carry_on.html", path=kept["path"], fields=kept["fields"]), status


def carry_on_with_this_request(status: int) -> ResponseReturnValue | None:
    """The same, of what this very request sent, when its form token was not the right one."""
    return carry_on_page(_packed(), status)


def typed_text() -> list[tuple[str, str]]:
    """The fields of this request that hold text of some length, by their names in words."""
    if request.endpoint in SECRET_PAGES:
        return []
    named = ((name.replace("_", " ").capitalize(), value) for name, value in request.form.items(multi=True))
    return [(name, value) for name, value in named if len(value) >= WORTH_KEEPING and " " in value]


def _packed() -> str:
    if request.endpoint in SECRET_PAGES or not request.form:
        return ""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_KEPT]
    return str(_serializer().dumps({"path": request.full_path.rstrip("?"), "fields": fields}))


def _unpacked(packed: str | None) -> dict[str, Any] | None:
    try:
        return _serializer().loads(packed) if packed else None
    except BadData:
        return None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="kept")


def local_path(wanted: str | None) -> str:
    """`wanted` if it is a path on this site, else the first page: no link leads anybody elsewhere."""
    from app.web.templating import home_endpoint

    return wanted if wanted and _is_local(wanted) else url_for(home_endpoint())


def _is_local(wanted: str) -> bool:
    if not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return False
    return not any(ord(char) < 33 or ord(char) == 127 for char in wanted)
