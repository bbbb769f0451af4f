from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import queries as accounts
from app.allocation import actions, queries
from app.allocation.forms import GiveForm
from app.allocation.models import MOST, UNDONE_WITHIN, BulkAllocation
from app.allocation.planning import Plan, plan
from app.caseload import naming
from app.caseload import queries as caseload
from app.caseload.questions import NOBODY, YES, Sort, ask
from app.core import clock
from app.core.errors import RuleBroken
from app.core.references import read_reference
from app.database import db
from app.policy import Permission
from app.web.access import requires
from app.web.asked import all_asked, words_asked
from app.web.identity import signed_in

blueprint = Blueprint("allocation", __name__, url_prefix="/allocation")

#: How many investigators the page offers by name.
LISTED = 50


@blueprint.get("/")
@requires(Permission.CASE_ALLOCATE)
def choose() -> ResponseReturnValue:
    """Open cases that nobody has, or with an investigator in the address, those that they have."""
    return _choosing()


@blueprint.route("/preview", methods=["GET", "POST"])
@requires(Permission.CASE_ALLOCATE)
def preview() -> ResponseReturnValue:
    """The plan for what was ticked; where there can be none, the cases again with why, and what was ticked kept."""
    form = GiveForm()
    if made := form.made(
        BulkAllocation, lambda session: actions.give(session, actor=signed_in(), asked=form.asked)
    ):
        return redirect(url_for("allocation.show", key=made.key))
    try:
        planned = _planned()
    except RuleBroken as refusal:
        if not form.is_submitted():
            return _choosing(refusal)
        form.refuse(refusal)
        planned = Plan([], [])
    form.pairs.data = planned.pairs
    return render_template("allocation/preview.html", form=form, plan=planned)


@blueprint.get("/<key:key>")
@requires(Permission.CASE_ALLOCATE)
def show(key: str) -> ResponseReturnValue:
    bulk = queries.by_key(db.session, signed_in(), key)
    given = queries.given_in(db.session, signed_in(), bulk)
    return render_template(
        "allocation/show.html",
        bulk=bulk,
        given=given,
        kept=actions.why_not_undone(db.session, signed_in(), given),
        is_open=clock.now() - bulk.created_at <= UNDONE_WITHIN,
    )


@blueprint.post("/<key:key>/undo")
@requires(Permission.CASE_ALLOCATE)
def undo(key: str) -> ResponseReturnValue:
    bulk = queries.by_key(db.session, signed_in(), key)
    try:
        with db.unit_of_work() as session:
            given_back = actions.undo(session, bulk, actor=signed_in())
    except RuleBroken as refusal:
        flash(str(refusal))
    else:
        flash(f"{given_back} {'case is' if given_back == 1 else 'cases are'} with whoever had them before.")
    return redirect(url_for("allocation.show", key=key))


def _choosing(refusal: RuleBroken | None = None) -> ResponseReturnValue:
    """The cases to choose from, with what the address ticks, and what was refused beside what it is about."""
    who = words_asked("owner") or NOBODY
    asked = {"open": [YES], "case": [YES], "owner": [who], "sort": [Sort.OLDEST.value]}
    question, named = naming.settled(db.session, ask(asked))
    if "owner" not in question.filters:
        question = question.but("owner", [NOBODY], question.problems.get("owner", ""))
    after, before = words_asked("after"), words_asked("before")
    asker = caseload.Asker(signed_in(), clock.today())
    return render_template(
        "allocation/choose.html",
        question=question,
        who=question.filters["owner"][0],
        named=named,
        answer=caseload.page(db.session, asker, question, after=after, before=before, size=MOST),
        investigators=accounts.names_of_investigators(db.session, near=signed_in(), most=LISTED),
        latest=queries.latest(db.session, signed_in()),
        most=MOST,
        here={"owner": who, "after": after, "before": before},
        ticked={*_references(), *all_asked("to", most=LISTED)},
        refusal=refusal,
    )


def _planned() -> Plan:
    """The plan for what the address asks. Raises `RuleBroken` if there can be none."""
    return plan(db.session, signed_in(), _references(), all_asked("to", most=LISTED))


def _references() -> list[str]:
    asked = (read_reference(words) for words in all_asked("case", most=MOST + 1))
    return list(dict.fromkeys(reference for reference in asked if reference))
