from __future__ import annotations

from sqlalchemy import func, select

from app.audit import record
from app.complaints.models import Complaint
from app.core import clock
from app.core.files import LocalFiles
from app.demonstration.office import PASSWORD, SIGN_INS, fill
from app.evidence.models import Disclosure
from app.examining import queries as examining
from app.integrity import queries as integrity
from app.notices import queries as notices
from app.notices.models import Notice


def test_the_demonstration_office_is_made_by_the_products_own_actions(session, tmp_path):
    files = LocalFiles(tmp_path)

    fill(session, files)

    assert session.scalar(select(func.count()).select_from(Complaint)) == 42
    assert list(record.verify(session)) == []
    assert [seen for seen in integrity.verify(lambda: session, files) if seen.trouble] == []


def test_everybody_of_the_demonstration_office_opens_their_first_page(app, session, tmp_path):
    app.config["WTF_CSRF_ENABLED"] = False
    fill(session, LocalFiles(tmp_path))
    session.commit()

    for email, _what in SIGN_INS:
        client = app.test_client()
        client.post("/sign-in", data={"email": email, "password": PASSWORD})
        page = client.get("/trust/" if "liaison" in email else "/account")
        assert page.status_code == 200, email


def test_everybody_is_led_to_a_page_of_theirs_after_signing_in(app, session, tmp_path):
    app.config["WTF_CSRF_ENABLED"] = False
    fill(session, LocalFiles(tmp_path))
    session.commit()

    for email, _what in SIGN_INS:
        answer = app.test_client().post(
            "/sign-in", data={"email": email, "password": PASSWORD}, follow_redirects=True
        )
        assert answer.status_code == 200, email


def test_the_demonstration_office_is_the_same_every_time(session, tmp_path):
    def told():
        complaints = session.scalars(select(Complaint).order_by(Complaint.id)).all()
        return [(one.reference, one.narrative, [p.person.name for p in one.parties]) for one in complaints]

    whole = session.begin_nested()
    fill(session, LocalFiles(tmp_path))
    first = told()
    whole.rollback()
    session.expunge_all()  # what was read anew meanwhile is not forgotten by undoing
    fill(session, LocalFiles(tmp_path))

    assert told() == first


def test_nobody_is_sent_a_digest_of_what_was_there_before_the_office_opened(session, tmp_path):
    fill(session, LocalFiles(tmp_path))

    assert notices.without_digest(session, clock.today(), most=1000) == []
    assert session.scalar(select(func.count(Notice.id)).where(Notice.told_at.is_(None))) == 0


def test_what_the_demonstration_shows_an_organisation_can_be_downloaded_there(session, tmp_path):
    fill(session, LocalFiles(tmp_path))

    shown = session.scalars(select(Disclosure)).all()
    for disclosure in shown:
        examining.require_to_go_out(session, disclosure.document)
    assert len(shown) > 3
