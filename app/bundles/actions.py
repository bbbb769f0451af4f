"""Asking for a bundle, and keeping it when it is made. What it may hold is asked when it is asked for and when made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.bundles import queries
from app.bundles.events import BundleAsked, BundleCancelled, BundleMade
from app.bundles.models import Bundle, BundlePart, Whom
from app.cases.models import Case
from app.consents import scopes
from app.consents.scopes import Act
from app.core import clock
from app.core.errors import RuleBroken
from app.core.files import Kept
from app.core.work import UNFINISHED, Taken
from app.evidence.actions import parties_of
from app.organisations.models import Organisation
from app.outbox.actions import post
from app.policy import Permission

#: How long a bundle is kept, how many of one person are made at a time, and the bytes of what goes into one.
KEPT_FOR, MOST_AT_ONCE, MOST_BYTES = timedelta(days=2), 2, 150 * 1024 * 1024


def ask_for(
    session: Session,
    case: Case,
    *,
    actor: Account,
    whom: Whom,
    organisation: Organisation | None,
    because: str,
    documents: Sequence[str],
) -> Bundle:
    """Have a bundle made of these documents, by their keys, in the order of their dates."""
    policy.require(actor, Permission.DOCUMENT_DISCLOSE, case)
    _require_somebody(case, whom, organisation)
    wanted = set(documents)
    chosen = [(d, q) for d, q in queries.candidates(session, case) if d.key in wanted]
    if not chosen:
        raise RuleBroken("Select at least one document.", field="documents")
    refused = queries.refusals(session, case, whom, organisation)
    if told := [f"“{d.title}”: {refused[d.id]}" for d, _q in chosen if d.id in refused]:
        raise RuleBroken(f"Leave out what may not be given to them. {'; '.join(told)}.", field="documents")
    bound = [document for document, quarantine in chosen if queries.can_be_bound(quarantine)]
    if not bound:
        raise RuleBroken("None of these has pages. Select a PDF, a picture or a text.", field="documents")
    if sum(document.size for document in bound) > MOST_BYTES:
        raise RuleBroken(
            f"These are more than {MOST_BYTES // 1024**2} MB together. Make two bundles.", field="documents"
        )
    _require_room(session, actor)
    number = (session.scalar(select(func.max(Bundle.number)).where(Bundle.case_id == case.id)) or 0) + 1
    bundle = Bundle(
        case=case, number=number, account=actor, whom=whom, organisation=organisation, because=because
    )
    bundle.parts = [
        BundlePart(position=position, document=document, is_apart=document not in bound)
        for position, (document, _quarantine) in enumerate(chosen, 1)
    ]
    session.add(bundle)
    session.flush()
    asked = BundleAsked(number=number, whom=bundle.told_for, because=because, documents=_told(bundle))
    record(session, asked, actor=actor, complaint=case.complaint)
    return bundle


def require_still(session: Session, bundle: Bundle) -> None:
    """Raises `NotPermitted` or `RuleBroken` if it may not be made any more, since it was asked for."""
    policy.require(bundle.account, Permission.DOCUMENT_DISCLOSE, bundle.case)
    refused = queries.refusals(session, bundle.case, bundle.whom, bundle.organisation)
    withdrawn = [part.document for part in bundle.parts if part.document.withdrawn_at is not None]
    told = [
        f"“{p.document.title}”: {refused[p.document_id]}" for p in bundle.parts if p.document_id in refused
    ]
    told += [f"“{document.title}”: it was withdrawn" for document in withdrawn]
    if told:
        raise RuleBroken(f"It may not be given to them any more. {'; '.join(told)}.")


def cancel(session: Session, bundle: Bundle, *, actor: Account) -> None:
    """Make it no further. Raises `RuleBroken` if it is no longer being made."""
    policy.require(actor, Permission.DOCUMENT_DISCLOSE, bundle.case)
    if not bundle.is_unfinished:
        raise RuleBroken("This bundle is no longer being made.")
    bundle.cancel()
    record(session, BundleCancelled(number=bundle.number), actor=actor, complaint=bundle.case.complaint)


def finish(
    session: Session,
    taken: Taken[Bundle],
    kept: Kept,
    pages: int,
    places: Mapping[int, tuple[int, int]],
    notes: Sequence[str],
) -> Bundle:
    """The file is there; `places` are the first and last pages of each part, by its position. Raises `LeaseLost`."""
    bundle = taken.done(session)
    require_still(session, bundle)
    bundle.sha256, bundle.size, bundle.pages, bundle.notes = kept.sha256, kept.size, pages, list(notes)
    bundle.expires_at = clock.now() + KEPT_FOR
    for part in bundle.parts:
        part.first_page, part.last_page = places.get(part.position, (None, None))
    made = BundleMade(
        number=bundle.number,
        whom=bundle.told_for,
        pages=pages,
        sha256=kept.sha256,
        documents=_told(bundle),
    )
    record(session, made, actor=bundle.account, complaint=bundle.case.complaint)
    post(
        session,
        address=bundle.account.email,
        subject="Your bundle is ready",
        body="The bundle you asked for is ready. It is kept for two days.",
        leads_to=f"/cases/{bundle.case.reference}/bundles/",
    )
    return bundle


def expire(session: Session) -> frozenset[str]:
    """Forget the files of bundles that have been kept long enough. Returns the files that are still needed."""
    there = Bundle.sha256.is_not(None)
    session.execute(update(Bundle).where(there, Bundle.expires_at < clock.now()).values(sha256=None))
    return frozenset(digest for digest in session.scalars(select(Bundle.sha256).where(there)) if digest)


def _require_somebody(case: Case, whom: Whom, organisation: Organisation | None) -> None:
    if (whom is Whom.ORGANISATION) != (organisation is not None):
        raise RuleBroken("Select which organisation it is for, if it is for one.", field="organisation")
    if organisation is not None:
        if organisation not in parties_of(case):
            raise RuleBroken("Select an organisation that is party to this case.", field="organisation")
        scopes.require(case.complaint, Act.GIVE_TO_ORGANISATION, field="organisation")


def _require_room(session: Session, actor: Account) -> None:
    mine = select(func.count(Bundle.id)).where(Bundle.account_id == actor.id, Bundle.state.in_(UNFINISHED))
    if (session.scalar(mine) or 0) >= MOST_AT_ONCE:
        raise RuleBroken(
            f"{MOST_AT_ONCE} of your bundles are still being made. Wait for one of them, or cancel it."
        )


def _told(bundle: Bundle) -> list[list[str]]:
    return [[part.document.title, part.document.sha256] for part in bundle.parts]
