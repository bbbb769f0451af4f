from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import policy
from app.accounts import queries as accounts
from app.caseload import actions, naming, presets, queries
from app.caseload.forms import SaveForm
from app.caseload.models import SavedFilter
from app.caseload.questions import FILTERS, Column, Question, Sort, ask, described
from app.checks import queries as checks
from app.core import clock
from app.database import db
from app.drafts import queries as drafts
from app.policy import Permission
from app.queues import queries as queues
from app.queues.kinds import FOR_OTHERS, RETURNING, TO_MATCH
from app.risk import queries as risk
from app.teams import queries as teams
from app.teams.models import Team
from app.web.access import requires
from app.web.asked import words_asked
from app.web.drafted import FORMS
from app.web.identity import signed_in

blueprint = Blueprint("caseload", __name__)

#: How many investigators a list offers by name. Others are asked for by typing part of theirs.
LISTED = 15
#: What waits in the office, counted at the top of “my work”.
QUEUES = {"returning": RETURNING, "for_others": FOR_OTHERS, "to_match": TO_MATCH}


@blueprint.get("/")
@requires(Permission.CASE_LIST)
def my_work() -> ResponseReturnValue:
    led = teams.led_by(db.session, signed_in())
    parts = [
        (part, queries.first(db.session, asker(), part.question, size=part.most))
        for part in presets.parts_of_my_work(signed_in(), led)
    ]
    return render_template(
        "caseload/my_work.html",
        led=led,
        has=_open_cases_in(led),
        parts=parts,
        most_drafts=presets.OWN,
        discretions=checks.waiting_for(db.session, signed_in()) if may(Permission.DISCRETION_DECIDE) else (),
        drafts=drafts.kept_by(db.session, signed_in()),
        forms=FORMS,
        urgent=risk.count_waiting(db.session, signed_in()) if may(Permission.ALERT_ACKNOWLEDGE) else 0,
        queues=queues.counts(db.session, signed_in(), QUEUES),
        counted=queues.COUNTED,
    )


@blueprint.get("/caseload/")
@requires(Permission.COMPLAINT_LIST)
def search() -> ResponseReturnValue:
    question, named = naming.settled(db.session, question_asked())
    after, before = words_asked("after"), words_asked("before")
    return render_template(
        "caseload/search.html",
        question=question,
        answer=queries.page(db.session, asker(), question, after=after, before=before),
        counted=queries.COUNTED,
        described=list(described(question, named)),
        named=named,
        presets=presets.PRESETS,
        filters=FILTERS,
        sorts=Sort,
        columns=Column,
        investigators=accounts.names_of_investigators(db.session, near=signed_in(), most=LISTED + 1),
        listed=LISTED,
        teams=teams.names(db.session),
        waiting=queues.counts(db.session, signed_in(), {"to_match": TO_MATCH})["to_match"],
        most_waiting=queues.COUNTED,
    )


@blueprint.get("/caseload/saved")
@requires(Permission.COMPLAINT_LIST)
def saved() -> ResponseReturnValue:
    filters = queries.saved_for(db.session, signed_in())
    counts = queries.counted(db.session, asker(), filters)
    return render_template("caseload/saved.html", filters=filters, counts=counts, counted=queries.COUNTED)


@blueprint.route("/caseload/saved/new", methods=["GET", "POST"])
@requires(Permission.COMPLAINT_LIST)
def save() -> ResponseReturnValue:
    """Keep the question in the address under a name."""
    question, named = naming.settled(db.session, question_asked())
    form = SaveForm()
    if form.made(
        SavedFilter,
        lambda session: actions.save(session, actor=signed_in(), query=question.query, **form.answers),
    ):
        flash(f"The filter “{form.name.data}” is saved.")
        return redirect(url_for("caseload.saved"))
    return render_template(
        "caseload/save.html", form=form, question=question, described=list(described(question, named))
    )


@blueprint.post("/caseload/saved/<key:key>/remove")
@requires(Permission.COMPLAINT_LIST)
def remove(key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        actions.remove(session, actions.kept_under(session, key), actor=signed_in())
    flash("The filter is removed.")
    return redirect(url_for("caseload.saved"))


def _open_cases_in(led: Sequence[Team]) -> Mapping[int, int]:
    """How many open cases the people of these teams have, by account."""
    people = [one.account for team in led for one in team.present]
    return queries.open_cases_of(db.session, asker(), people) if people else {}


def may(permission: Permission) -> bool:
    return policy.may(signed_in(), permission)


def question_asked() -> Question:
    """The question in the address of this request."""
    return ask({name: request.args.getlist(name) for name in request.args})


def asker() -> queries.Asker:
    return queries.Asker(signed_in(), clock.today())
