from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit.record import record
from app.complaints import actions as complaints
from app.complaints.models import Channel, Complaint, OrganisationToMatch, Part
from app.core import clock, sealing
from app.core.errors import RuleBroken
from app.core.files import Kept
from app.front_door import queries
from app.front_door.events import ComplaintSentIn
from app.front_door.limits import Bounds
from app.front_door.models import SubmissionDraft, SubmissionFile, SubmissionLink
from app.outbox.actions import post
from app.papers import actions as papers
from app.people import actions as people
from app.people.actions import Particulars
from app.people.models import AdjustmentKind, ContactWay

#: Characters of all the answers of one form, as they are kept.
LARGEST = 200_000
#: How long after sending the receipt can be seen again.
RECEIPT = timedelta(days=1)
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Told:
    """A whole form, as a complaint takes it."""

    narrative: str
    wanted: str
    complainant: Particulars
    affected: Particulars | None
    basis: str
    organisations: Sequence[str]
    needs: Sequence[tuple[AdjustmentKind, str]]
    contact_by: ContactWay
    contact_note: str
    is_unsafe_to_contact: bool


def begin(session: Session) -> tuple[SubmissionDraft, str]:
    """A new form, and the token of 256 random bits by which its browser finds it."""
    token = secrets.token_urlsafe(32)
    draft = SubmissionDraft(token_hash=sealing.hash_of(token), answers={})
    session.add(draft)
    session.flush()
    return draft, token


def answer(draft: SubmissionDraft, page: str, pairs: Pairs, *, wants_large_print: bool) -> None:
    """Keep what was typed on one page. Raises `RuleBroken` past the bound of all pages together."""
    _refuse_what_is_sent(draft)
    answers = {**draft.answers, page: [list(pair) for pair in pairs]}
    if len(json.dumps(answers, ensure_ascii=False)) > LARGEST:
        raise RuleBroken(
            "That is more than this form can hold. Put the longest part in a file, and add the file."
        )
    draft.answers, draft.wants_large_print, draft.touched_at = answers, wants_large_print, clock.wall()


def add_file(
    session: Session, draft: SubmissionDraft, *, kept: Kept, filename: str, media_type: str, bounds: Bounds
) -> SubmissionFile:
    """Let a file wait with the form. Its content is `kept` already. Raises `RuleBroken` past the bounds."""
    _refuse_what_is_sent(draft)
    check_room(session, draft, [kept.size], bounds)
    file = SubmissionFile(filename=filename, media_type=media_type, sha256=kept.sha256, size=kept.size)
    draft.files.append(file)
    draft.touched_at = clock.wall()
    session.flush()
    return file


def check_room(session: Session, draft: SubmissionDraft | None, sizes: Sequence[int], bounds: Bounds) -> None:
    """Raise `RuleBroken` unless files of these sizes, in bytes, may wait with this form, or with a new one."""
    there = len(draft.files) if draft else 0
    mine = queries.bytes_waiting(session, draft) if draft else 0
    if there + len(sizes) > bounds.files_in_form:
        refusal = f"You can add {bounds.files_in_form} files. Take one away, or send us more later."
    elif mine + sum(sizes) > bounds.bytes_in_form:
        refusal = "Your files are too large together. Take one away, or send us more later."
    elif queries.bytes_waiting(session) + sum(sizes) > bounds.bytes_in_all:
        refusal = "We cannot take more files at the moment. Send the form without them, and the files later."
    else:
        return
    raise RuleBroken(refusal, field="files")


def remove_file(session: Session, draft: SubmissionDraft, key: str) -> None:
    """Take a file away again; none of that key is no mistake, as the button may be pressed twice."""
    _refuse_what_is_sent(draft)
    for file in [file for file in draft.files if file.key == key]:
        draft.files.remove(file)
        session.delete(file)
    draft.touched_at = clock.wall()


def mail_link(session: Session, draft: SubmissionDraft | None, *, email: str, bounds: Bounds) -> None:
    """Send the link back to a form: the one at hand, or each that was saved with this address, if there is any.

    Whoever asked is told the same either way.
    """
    address = email.strip().lower()
    at_hand = [draft] if draft is not None and draft.sent_at is None else []
    for each in at_hand or queries.saved_with(session, address):
        each.email, each.touched_at = address, clock.wall()
        _mail_link_to(session, each, email, bounds)


def come_back(session: Session, token: str) -> str:
    """Use a link: the token by which this browser finds the form from now on, and no other any more."""
    link = queries.living_link(session, token)
    if link is None:
        raise RuleBroken("This link does not work any more. Ask for a new one.")
    fresh = secrets.token_urlsafe(32)
    link.used_at = link.draft.touched_at = clock.wall()
    link.draft.token_hash = sealing.hash_of(fresh)
    return fresh


def send(session: Session, draft: SubmissionDraft, told: Told) -> Complaint:
    """Make a complaint of the form, once: sent again, it is the complaint that it became.

    The content of its files must be in the store of evidence by then. Nobody acts: see `policy.require`.
    """
    if draft.complaint is not None:
        return draft.complaint
    now = clock.now()
    complaint = complaints.log(
        session,
        actor=None,
        channel=Channel.WEB,
        received_at=now,
        made_on=clock.day_of(now),
        narrative=told.narrative,
        wanted=told.wanted,
        complainant=told.complainant,
        affected=told.affected,
        basis=told.basis,
    )
    complaint.is_to_compare = True
    record(session, ComplaintSentIn(papers=len(draft.files)), actor=None, complaint=complaint)
    complaint.to_match.extend(OrganisationToMatch(words=words) for words in told.organisations)
    _mind(session, complaint, told)
    for file in draft.files:
        kept = Kept(file.sha256, file.size)
        papers.receive(
            session, complaint, actor=None, kept=kept, filename=file.filename, media_type=file.media_type
        )
    email = told.complainant.get("email")
    if email and not told.is_unsafe_to_contact:
        _tell_the_reference(session, complaint, email)
    draft.complaint, draft.sent_at, draft.touched_at = complaint, clock.wall(), clock.wall()
    draft.answers, draft.email = {}, ""
    _end_links(draft)
    return complaint


def expire(session: Session, *, days: int) -> Collection[str]:
    """Remove forms that nobody has touched for so many days, and sent ones after a day, with their files.

    Gives the SHA-256 of the files that still wait.
    """
    now = clock.wall()
    unsent = SubmissionDraft.sent_at.is_(None) & (SubmissionDraft.touched_at < now - timedelta(days=days))
    gone = select(SubmissionDraft.id).where(unsent | (SubmissionDraft.sent_at < now - RECEIPT))
    for table in (SubmissionFile, SubmissionLink):
        session.execute(delete(table).where(table.draft_id.in_(gone)))
    session.execute(delete(SubmissionDraft).where(SubmissionDraft.id.in_(gone)))
    return set(session.scalars(select(SubmissionFile.sha256)))


def _mail_link_to(session: Session, draft: SubmissionDraft, email: str, bounds: Bounds) -> None:
    seal = sealing.new_seal()
    _end_links(draft)
    expires_at = clock.wall() + timedelta(days=bounds.days)
    token_hash = sealing.hash_of(sealing.token_of(seal))
    draft.links.append(SubmissionLink(token_hash=token_hash, expires_at=expires_at))
    body = (
        f"Somebody, probably you, asked for this link. It leads back to a form, once, within {bounds.days} days.\n"
        "Whoever has the link can read the form: give it to nobody. If it was not you, you need do nothing."
    )
    post(
        session,
        address=email,
        subject="Your link to carry on",
        body=body,
        leads_to="/complain/come-back/",
        seal=seal,
    )


def _mind(session: Session, complaint: Complaint, told: Told) -> None:
    """Keep at the complainant what they need, and how they can be reached."""
    person = complaint.people_as(Part.COMPLAINANT)[0]
    session.flush()
    for kind, words in told.needs:
        people.agree_adjustment(session, person, actor=None, kind=kind, words=words)
    people.change_contact(
        session,
        person,
        actor=None,
        contact_by=told.contact_by,
        contact_note=told.contact_note,
        is_unsafe_to_contact=told.is_unsafe_to_contact,
    )


def _tell_the_reference(session: Session, complaint: Complaint, email: str) -> None:
    body = (
        f"We have your form. Its reference is {complaint.reference}. Give it when you call or write to us.\n"
        "Nobody can read your form with it."
    )
    post(session, address=email, subject="We have your form", body=body, leads_to="/complain/")


def _end_links(draft: SubmissionDraft) -> None:
    for link in draft.links:
        link.ended_at = link.ended_at or clock.wall()


def _refuse_what_is_sent(draft: SubmissionDraft) -> None:
    if draft.sent_at is not None:
        raise RuleBroken("This form has been sent. To tell us more, call or write, and give your reference.")
