from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from app import policy
from app.accounts.models import Account
from app.audit.models import Access
from app.core import clock
from app.core.errors import NotFound
from app.database import db
from app.exports import actions, queries
from app.exports.formats import as_csv
from app.exports.sheets import SHEETS, Cell, Sheet
from app.policy import Permission
from app.web import visits
from app.web.access import freshly_signed_in, requires
from app.web.identity import signed_in
from app.web.uploads import as_attachment

blueprint = Blueprint("exports", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/exports/")
@requires(Permission.COMPLAINT_LIST)
def mine() -> ResponseReturnValue:
    exports = queries.of_account(db.session, signed_in())
    return render_template("exports/mine.html", exports=exports, sheets=SHEETS)


@blueprint.post("/exports/<sheet>")
@requires(Permission.COMPLAINT_LIST)
@freshly_signed_in()
def ask_for(sheet: str) -> ResponseReturnValue:
    """Have the list in the address made into a spreadsheet."""
    wanted = sheet_named(sheet)
    with db.unit_of_work() as session:
        actions.ask_for(session, actor=signed_in(), sheet=wanted.name, query=query_asked())
    return redirect(url_for("exports.mine"))


@blueprint.get("/exports/<sheet>.csv")
@requires(Permission.COMPLAINT_LIST)
@freshly_signed_in(to_read=True)
def as_csv_file(sheet: str) -> ResponseReturnValue:
    """The list in the address, written out while it is read."""
    wanted = sheet_named(sheet)
    policy.require(signed_in(), wanted.permission)
    query = wanted.settle(db.session, query_asked())
    visits.note(Access.DOWNLOADED, f"{wanted.name}.csv {query}")
    text = as_csv(rows_of(wanted, signed_in().id, query))
    answer = Response(stream_with_context(text), content_type="text/csv; charset=utf-8")
    return as_attachment(answer, filename(wanted, "csv"))


@blueprint.post("/exports/<key:key>/cancel")
@requires(Permission.COMPLAINT_LIST)
def cancel(key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        actions.cancel(session, queries.access_export(session, signed_in(), key), actor=signed_in())
    flash("The export is cancelled.")
    return redirect(url_for("exports.mine"))


@blueprint.get("/exports/<key:key>/download")
@requires(Permission.COMPLAINT_LIST)
@freshly_signed_in(to_read=True)
def download(key: str) -> ResponseReturnValue:
    export = queries.access_export(db.session, signed_in(), key)
    if export.sha256 is None:
        raise NotFound("This export is not there: it is still being made, or it has been kept long enough.")
    visits.note(Access.DOWNLOADED, f"{export.sheet}.xlsx {export.query}")
    content = current_app.extensions["exports"].open(export.sha256)
    answer = send_file(content, mimetype=XLSX, conditional=False, etag=False)
    return as_attachment(answer, filename(SHEETS[export.sheet], "xlsx"))


def rows_of(sheet: Sheet, account_id: int, query: str) -> Iterator[Sequence[Sequence[Cell]]]:
    """The headings, then the lines in portions, each read in a transaction of its own."""
    yield [sheet.headings]
    after, is_first = "", True
    while after or is_first:
        account = db.session.get_one(Account, account_id)
        portion = sheet.read(db.session, account, query, after)
        db.close()
        yield portion.rows
        after, is_first = portion.after, False


def sheet_named(name: str) -> Sheet:
    if name not in SHEETS:
        raise NotFound("There is no such list to export.")
    return SHEETS[name]


def query_asked() -> str:
    """What the address asks for after its question mark."""
    return request.query_string.decode("utf-8", "replace")


def filename(sheet: Sheet, ending: str) -> str:
    return f"{sheet.name}-{clock.today().isoformat()}.{ending}"
