from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import policy
from app.casefile import actions, openings, proceedings, queries
from app.casefile.forms import (
    ChangedProceedingForm,
    KeepStayedForm,
    LinkForm,
    NoteForm,
    ProceedingForm,
    StayForm,
    WhyForm,
)
from app.casefile.models import Link, Note, Proceeding
from app.cases.forms import ReasonsForm
from app.cases.models import Case
from app.complaints.models import Complaint
from app.core.errors import CaseworkError, RuleBroken
from app.database import db
from app.duties import queries as duties
from app.policy import Permission
from app.web import kept
from app.web.access import with_case, with_complaint
from app.web.asked import number_asked
from app.web.identity import signed_in, signed_in_session_id
from app.web.templating import page_beside

blueprint = Blueprint("casefile", __name__)


@blueprint.get("/complaints/<reference:reference>/file")
@with_complaint(Permission.COMPLAINT_VIEW)
def show(complaint: Complaint) -> ResponseReturnValue:
    return page_beside(
        "casefile/show.html",
        complaint,
        links=queries.links(db.session, signed_in(), complaint),
        proceedings=queries.proceedings(db.session, complaint),
        conflicts=duties.conflicts_with(db.session, complaint),
        restriction=duties.restriction_of(db.session, complaint) if complaint.is_restricted else None,
        named=duties.named(db.session, complaint) if complaint.is_restricted else (),
        covers=duties.who_covers(db.session, complaint) if complaint.is_restricted else (),
    )


@blueprint.get("/complaints/<reference:reference>/notes")
@with_complaint(Permission.COMPLAINT_VIEW)
def notes(complaint: Complaint) -> ResponseReturnValue:
    after = number_asked("after")
    found = queries.notes(db.session, complaint, before=after)
    return page_beside("casefile/notes.html", complaint, notes=found, is_start=not after, size=queries.PAGE)


@blueprint.route("/complaints/<reference:reference>/notes/new", methods=["GET", "POST"])
@with_complaint(Permission.NOTE_WRITE)
def write_note(complaint: Complaint) -> ResponseReturnValue:
    """A new note; with the number of another in the address, one that corrects or follows up that one."""
    number = number_asked("on")
    on = queries.note_numbered(db.session, complaint, number) if number else None
    form = NoteForm()
    if form.made(
        Note,
        lambda session: actions.write_note(
            session, complaint, actor=signed_in(), corrects=on, **form.answers
        ),
    ):
        flash("The note is written.")
        return redirect(url_for("casefile.notes", reference=complaint.reference))
    return page_beside("casefile/write_note.html", complaint, form=form, on=on)


@blueprint.route("/complaints/<reference:reference>/notes/<number:number>/strike", methods=["GET", "POST"])
@with_complaint(Permission.NOTE_WRITE)
def strike_note(complaint: Complaint, number: int) -> ResponseReturnValue:
    note = queries.note_numbered(db.session, complaint, number)
    form = ReasonsForm()
    done = form.carried_out(
        lambda session: actions.strike_note(session, note, actor=signed_in(), **form.answers)
    )
    if done:
        flash("The note is struck out. It can still be read, with your reasons.")
        return redirect(url_for("casefile.notes", reference=complaint.reference))
    return page_beside("casefile/strike_note.html", complaint, form=form, note=note)


@blueprint.route("/complaints/<reference:reference>/links/new", methods=["GET", "POST"])
@with_complaint(Permission.COMPLAINT_LINK)
def link(complaint: Complaint) -> ResponseReturnValue:
    form = LinkForm()
    if form.made(
        Link,
        lambda session: actions.link(
            session, complaint, actor=signed_in(), **form.answers | {"to": _other(form.to.data)}
        ),
    ):
        flash("The two are linked. Both show it.")
        return redirect(url_for("casefile.show", reference=complaint.reference))
    return page_beside("casefile/link.html", complaint, form=form)


@blueprint.route("/complaints/<reference:reference>/links/<number:number>/end", methods=["GET", "POST"])
@with_complaint(Permission.COMPLAINT_LINK)
def end_link(complaint: Complaint, number: int) -> ResponseReturnValue:
    ended = queries.link_numbered(db.session, signed_in(), complaint, number)
    form = ReasonsForm()
    if form.carried_out(lambda session: actions.end_link(session, ended, actor=signed_in(), **form.answers)):
        flash("The link is ended. It stays in the file, with your reasons.")
        return redirect(url_for("casefile.show", reference=complaint.reference))
    return page_beside("casefile/end_link.html", complaint, form=form, link=ended)


@blueprint.route("/complaints/<reference:reference>/proceedings/new", methods=["GET", "POST"])
@with_complaint(Permission.PROCEEDING_RECORD)
def record_proceeding(complaint: Complaint) -> ResponseReturnValue:
    form = ProceedingForm()
    if form.made(
        Proceeding,
        lambda session: proceedings.record_proceeding(session, complaint, actor=signed_in(), **form.answers),
    ):
        flash("The proceeding is recorded.")
        return redirect(url_for("casefile.show", reference=complaint.reference))
    return page_beside("casefile/record_proceeding.html", complaint, form=form)


@blueprint.route("/complaints/<reference:reference>/proceedings/<number:number>", methods=["GET", "POST"])
@with_complaint(Permission.PROCEEDING_RECORD)
def change_proceeding(complaint: Complaint, number: int) -> ResponseReturnValue:
    proceeding = queries.proceeding_numbered(db.session, complaint, number)
    form = ChangedProceedingForm(proceeding)
    changed = form.carried_out(
        lambda session: proceedings.change_proceeding(session, proceeding, actor=signed_in(), **form.answers),
    )
    if changed:
        flash("The change is saved. What was written before stays in the record.")
        return redirect(url_for("casefile.show", reference=complaint.reference))
    return page_beside("casefile/change_proceeding.html", complaint, form=form, proceeding=proceeding)


@blueprint.route("/cases/<reference:reference>/stay", methods=["GET", "POST"])
@with_case(Permission.CASE_STAY)
def stay(case: Case) -> ResponseReturnValue:
    form = StayForm(queries.running(db.session, case.complaint))
    if form.carried_out(
        lambda session: proceedings.stay(
            session,
            case,
            actor=signed_in(),
            **form.answers | {"proceeding": _proceeding(case, form.proceeding.data)},
        )
    ):
        flash("The case is stayed. Its clocks go on running.")
        return redirect(url_for("cases.show", reference=case.reference))
    return render_template("casefile/stay.html", case=case, form=form)


@blueprint.route("/cases/<reference:reference>/stay/review", methods=["GET", "POST"])
@with_case(Permission.CASE_STAY)
def keep_stayed(case: Case) -> ResponseReturnValue:
    form = KeepStayedForm()
    if form.carried_out(
        lambda session: proceedings.keep_stayed(session, case, actor=signed_in(), **form.answers)
    ):
        flash("The case stays stayed until you look again.")
        return redirect(url_for("cases.show", reference=case.reference))
    return render_template("casefile/keep_stayed.html", case=case, form=form)


@blueprint.route("/cases/<reference:reference>/stay/end", methods=["GET", "POST"])
@with_case(Permission.CASE_STAY)
def resume(case: Case) -> ResponseReturnValue:
    form = ReasonsForm()
    if form.carried_out(lambda session: proceedings.resume(session, case, actor=signed_in(), **form.answers)):
        flash("The case goes on.")
        return redirect(url_for("cases.show", reference=case.reference))
    return render_template("casefile/resume.html", case=case, form=form)


@blueprint.get("/complaints/<reference:reference>/openings")
@with_complaint(Permission.ACCESS_VIEW)
def who_opened(complaint: Complaint) -> ResponseReturnValue:
    after = number_asked("after")
    found = queries.openings(db.session, complaint, before=after)
    return page_beside(
        "casefile/who_opened.html", complaint, openings=found, is_start=not after, size=queries.PAGE
    )


@blueprint.route("/complaints/<reference:reference>/why", methods=["GET", "POST"])
@with_complaint(Permission.COMPLAINT_VIEW, asks_why=False)
def say_why(complaint: Complaint) -> ResponseReturnValue:
    """Why somebody opens what is not theirs, before they see it. The page tells nothing but the reference.

    The answer leads on to the page that was asked for; from a form that was sent, to the case.
    """
    form = WhyForm()
    mine = signed_in_session_id()
    if form.carried_out(
        lambda session: openings.explain(
            session, complaint, actor=signed_in(), session_id=mine, **form.answers
        ),
    ):
        there = "cases.show" if complaint.case else "complaints.show"
        return redirect(kept.page_wanted() or url_for(there, reference=complaint.reference))
    return render_template("casefile/say_why.html", reference=complaint.reference, form=form)


def _other(reference: str) -> Complaint:
    try:
        return policy.access_complaint(db.session, signed_in(), reference, Permission.COMPLAINT_LINK)
    except CaseworkError as error:
        raise RuleBroken("There is no complaint or case with that reference.", field="to") from error


def _proceeding(case: Case, number: str) -> Proceeding:
    known = {str(one.number): one for one in queries.proceedings(db.session, case.complaint)}
    if number not in known:
        raise RuleBroken("Select a proceeding.", field="proceeding")
    return known[number]
