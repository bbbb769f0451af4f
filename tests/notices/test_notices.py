from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app import create_app
from app.accounts.models import Role
from app.allegations.models import CheckOutcome
from app.cases import actions as cases
from app.cases.models import CaseStage
from app.cli.database import alembic_config
from app.core import clock
from app.core.work import WorkState
from app.database import db
from app.decisions import actions as decisions
from app.duties.models import Absence, NamedAccess
from app.lineage import actions as lineage
from app.lineage.models import SuccessionKind
from app.notices import actions, queries
from app.notices.models import Choice, Digest, Notice, NoticeKind
from app.notices.wording import body
from app.outbox.models import Message
from app.recommendations import actions as recommendations
from app.recommendations import answers
from app.recommendations.models import RecommendationState
from app.risk import actions as risk
from app.worker.digests import send_digests
from config import Config, ConfigError, Office, from_environment
from tests import databases

K = NoticeKind
SOON = (14, 3)


@pytest.fixture
def manager(make):
    return make.account(Role.MANAGER)


@pytest.fixture
def owner(make):
    return make.account(Role.INVESTIGATOR)


def messages(session):
    session.flush()
    found = session.execute(select(Message.address, Message.body).order_by(Message.id))
    return [(address, [line for line in text.splitlines() if "×" in line]) for address, text in found]


def digest(session, account):
    session.flush()
    session.expire(account)
    return actions.send_digest(session, account, days_before=SOON)


def chooses(session, account, choice):
    actions.choose(session, actor=account, choice=choice)
    session.flush()


def away(session, account, cover):
    today = clock.today()
    session.add(Absence(account=account, cover=cover, from_on=today, to_on=today, arranged_by_id=account.id))
    session.flush()
    session.expire_all()


def given(session, make, manager, owner, **of_complaint):
    case = make.case()
    for name, value in of_complaint.items():
        setattr(case.complaint, name, value)
    session.flush()
    cases.allocate(session, case, actor=manager, owner=owner)
    return case


def test_whoever_is_given_cases_is_told_once_a_day_how_many_and_no_more(session, make, manager, owner):
    given(session, make, manager, owner)
    given(session, make, manager, owner)
    assert messages(session) == []

    assert digest(session, owner)

    assert messages(session) == [(owner.email, ["2 × case given to you"])]
    assert not digest(session, owner)
    assert session.scalars(select(Notice.told_at).where(Notice.told_at.is_(None))).all() == []


def test_a_day_on_which_nothing_waits_has_no_message(session, owner):
    assert not digest(session, owner)
    assert messages(session) == []
    assert session.scalar(select(func.count()).select_from(Digest)) == 1


def test_the_next_day_has_a_digest_of_its_own(session, make, manager, owner, today):
    today(2026, 3, 2)
    given(session, make, manager, owner)
    digest(session, owner)
    given(session, make, manager, owner)
    assert not digest(session, owner)
    today(2026, 3, 3)

    assert digest(session, owner)
    assert messages(session) == [(owner.email, ["1 × case given to you"])] * 2


def test_whoever_chose_so_is_told_at_once_and_what_has_not_gone_is_counted_together(
    session, make, manager, owner
):
    chooses(session, owner, Choice.IMMEDIATELY)
    given(session, make, manager, owner)
    given(session, make, manager, owner)
    assert messages(session) == [(owner.email, ["2 × case given to you"])]

    session.scalars(select(Message)).one().state = WorkState.DONE
    given(session, make, manager, owner)

    assert messages(session)[1:] == [(owner.email, ["1 × case given to you"])]
    assert not digest(session, owner)


def test_whoever_wants_only_what_is_urgent_is_told_nothing_else(session, make, manager, owner):
    given(session, make, manager, owner)
    chooses(session, owner, Choice.URGENT_ONLY)
    chooses(session, manager, Choice.URGENT_ONLY)
    given(session, make, manager, owner)
    complaint = make.complaint()

    risk.raise_alert(session, complaint, actor=owner)

    assert not digest(session, owner)
    assert messages(session) == [(manager.email, ["1 × urgent health risk, to be acknowledged"])]


def test_an_urgent_risk_goes_at_once_to_those_who_may_know_of_the_complaint(session, make, owner):
    named, other, ombudsman = (
        make.account(Role.MANAGER),
        make.account(Role.MANAGER),
        make.account(Role.OMBUDSMAN),
    )
    complaint = make.complaint(is_restricted=True)
    session.add(NamedAccess(complaint_id=complaint.id, account=named, named_by_id=ombudsman.id))
    session.flush()

    risk.raise_alert(session, complaint, actor=owner)

    assert {address for address, _lines in messages(session)} == {named.email, ombudsman.email}
    assert other.email not in {address for address, _lines in messages(session)}


def test_nobody_is_told_of_what_they_did_themselves(session, make):
    both = make.account(Role.MANAGER, Role.INVESTIGATOR)
    given(session, make, both, both)
    risk.raise_alert(session, make.complaint(), actor=both)

    assert session.scalars(select(Notice)).all() == []


def test_what_waits_for_somebody_away_is_told_to_whoever_covers(session, make, manager, owner):
    cover = make.account(Role.INVESTIGATOR)
    given(session, make, manager, owner)
    away(session, owner, cover)
    given(session, make, manager, owner)

    assert not digest(session, owner)
    assert digest(session, cover)
    assert messages(session) == [(cover.email, ["2 × case given to you"])]


def test_cover_who_may_not_know_of_a_restricted_case_is_not_told_of_it(session, make, manager, owner):
    cover = make.account(Role.INVESTIGATOR)
    today = clock.today()
    arranged = {
        "from_on": today,
        "to_on": today,
        "arranged_by_id": cover.id,
    }  # so it opens nothing restricted
    session.add(Absence(account=owner, cover=cover, **arranged))
    session.flush()
    session.expire_all()
    given(session, make, manager, owner, is_restricted=True)

    assert not digest(session, cover)
    assert [notice.account for notice in session.scalars(select(Notice))] == [owner]


def test_what_the_cover_does_not_want_to_be_told_waits_for_who_is_away(session, make, manager, owner):
    cover = make.account(Role.INVESTIGATOR)
    chooses(session, cover, Choice.URGENT_ONLY)
    away(session, owner, cover)
    given(session, make, manager, owner)

    assert [notice.account for notice in session.scalars(select(Notice))] == [owner]


@pytest.mark.parametrize(
    ("covers", "raises", "told"),
    [
        (Role.MANAGER, "other", "cover"),
        (Role.MANAGER, "cover", "manager"),
        (Role.CASEWORKER, "other", "manager"),
        (Role.CASEWORKER, "cover", "manager"),
    ],
)
def test_an_urgent_risk_reaches_somebody_who_may_acknowledge_it_and_did_not_raise_it(
    session, make, manager, covers, raises, told
):
    who = {"manager": manager, "cover": make.account(covers), "other": make.account(Role.CASEWORKER)}
    away(session, manager, who["cover"])

    risk.raise_alert(session, make.complaint(), actor=who[raises])

    assert [address for address, _lines in messages(session)] == [who[told].email]


def test_what_became_closed_to_somebody_after_they_were_to_be_told_is_not_told(session, make, manager, owner):
    case = given(session, make, manager, owner)
    case.complaint.is_restricted, case.owner = True, None

    assert not digest(session, owner)
    assert messages(session) == []


def test_whoever_is_suspended_is_told_nothing(session, make, manager, owner):
    given(session, make, manager, owner)
    owner.is_active = False
    manager.is_active = False
    session.flush()
    risk.raise_alert(session, make.complaint(), actor=make.account(Role.CASEWORKER))

    assert not digest(session, owner)
    assert messages(session) == []
    assert owner.id not in queries.without_digest(session, clock.today(), most=99)


def test_the_investigator_hears_that_comments_and_answers_came(session, make, manager, owner):
    shared = make.case(CaseStage.PROVISIONAL_VIEWS, owner=owner)
    shared.provisional_views[-1].comments_due_on = clock.today()
    asked = make.recommendation(make.case(CaseStage.COMPLIANCE, owner=owner))
    liaison = make.account(Role.LIAISON, organisation=asked.organisation)
    session.flush()

    given_words = {"organisation": None, "received_on": clock.today(), "words": "We disagree."}
    decisions.record_comment(session, shared, actor=manager, **given_words)
    answers.agree(session, asked, actor=liaison, words="Yes.")
    answers.report_progress(session, asked, actor=liaison, words="Half done.")

    digest(session, owner)
    assert messages(session) == [(owner.email, ["3 × comment, answer or evidence that came in"])]


def test_a_liaison_officer_hears_of_what_is_due_soon_and_each_week_of_what_is_late(session, make):
    first = make.recommendation(state=RecommendationState.AGREED)
    liaison = make.account(Role.LIAISON, organisation=first.organisation)
    today = clock.today()
    for days in (14, 3, 0, 4, -8, -2):
        make.recommendation(organisation=first.organisation, due_on=today + timedelta(days=days))
    make.recommendation(due_on=today + timedelta(days=3))  # another organisation's

    digest(session, liaison)

    assert messages(session) == [
        (liaison.email, ["3 × recommendation due today or soon", "2 × recommendation overdue"])
    ]


def test_those_who_answer_for_an_organisation_hear_that_a_recommendation_was_issued_to_it(
    session, make, manager
):
    draft = make.recommendation(state=RecommendationState.DRAFT)
    draft.case.complaint.is_restricted = True
    theirs, successor = draft.organisation, make.organisation()
    once, daily, other, later = (
        make.account(Role.LIAISON, organisation=organisation)
        for organisation in (theirs, theirs, make.organisation(), successor)
    )
    gone = make.account(Role.LIAISON, organisation=theirs, is_active=False)
    chooses(session, once, Choice.IMMEDIATELY)
    step = {"kind": SuccessionKind.MERGED, "happened_on": clock.today(), "source": "A letter"}
    became = lineage.record_succession(session, theirs, actor=manager, to=successor, **step)
    lineage.open_portal(session, became, actor=manager, reasons="They answer for it.")

    recommendations.issue(session, draft, actor=make.account(Role.OMBUDSMAN))

    told = ["1 × recommendation issued to your organisation"]
    assert messages(session) == [(once.email, told)]
    assert [digest(session, one) for one in (daily, other, later, gone)] == [True, False, True, False]
    assert messages(session)[1:] == [(daily.email, told), (later.email, told)]


def test_whoever_keeps_the_diary_hears_of_what_comes_back(session, make):
    caseworker = make.account(Role.CASEWORKER)
    allegation = make.allegation(outcome=CheckOutcome.SIGNPOST, by=caseworker)
    allegation.check.diary_on = clock.today()

    digest(session, caseworker)

    assert messages(session) == [(caseworker.email, ["1 × in the diary, to be looked at again"])]


SECRETS = {
    "name": "Quillon Vassgard",
    "words": "SECRETWORDS about a tumour",
    "reference": "SR-",
    "nhs": "943 476 5919",
}


def test_no_message_holds_anything_that_was_typed_by_anybody(session, make, manager):
    """Secrets stand in every field that could come near a message, and in none of them afterwards."""
    owner = make.account(Role.INVESTIGATOR, name=SECRETS["name"], team=SECRETS["words"])
    chooses(session, owner, Choice.IMMEDIATELY)
    organisation = make.organisation(SECRETS["name"])
    liaison = make.account(Role.LIAISON, name=SECRETS["name"], organisation=organisation)
    case = make.case(CaseStage.COMPLIANCE, organisation=organisation)
    case.complaint.narrative = f"{SECRETS['words']} {SECRETS['nhs']}"
    case.complaint.issues[0].words = SECRETS["words"]
    cases.allocate(session, case, actor=manager, owner=owner)
    text = dict.fromkeys(("action", "evidence_wanted", "public_text", "private_text"), SECRETS["words"])
    asked = make.recommendation(case, **text)
    answers.dispute(session, asked, actor=liaison, words=SECRETS["words"])
    risk.raise_alert(session, case.complaint, actor=owner)
    for account in (owner, manager, liaison):
        digest(session, account)

    letters = session.scalars(select(Message)).all()
    whole = [f"{letter.subject}\n{letter.body}\n{letter.leads_to}" for letter in letters]
    secrets = [*SECRETS.values(), "SECRETWORDS", "tumour", case.reference, case.complaint.narrative]
    assert len(letters) == 4
    assert {account.email for account in (owner, manager, liaison)} == {letter.address for letter in letters}
    assert [secret for secret in secrets if any(secret in text for text in whole)] == []
    assert {letter.leads_to for letter in letters} == {"/"}


def test_every_message_is_made_of_the_letter_and_the_kinds_alone():
    assert body({K.DUE: 2, K.URGENT: 1, K.OVERDUE: 0}) == (
        "Something waits for you in Second Read:\n\n"
        "1 × urgent health risk, to be acknowledged\n2 × recommendation due today or soon\n\n"
        "Sign in to see it. This message says no more on purpose.\n"
        "You can choose on the page of your account how often you are told."
    )


def test_digests_are_written_from_the_hour_that_is_set(app, session, make, manager, owner, today):
    given(session, make, manager, owner)
    session.commit()
    today(2026, 3, 2, 6, 59)
    with app.app_context():
        assert send_digests() == 0
        today(2026, 3, 2, 7, 0)
        assert send_digests() == 1
        assert send_digests() == 0
    assert messages(session) == [(owner.email, ["1 × case given to you"])]


def test_a_digest_that_fails_keeps_nobody_else_from_theirs_and_is_tried_again(
    app, session, make, manager, owner, today, monkeypatch, caplog
):
    today(2026, 3, 2, 7, 0)
    second = make.account(Role.INVESTIGATOR)
    given(session, make, manager, owner)
    given(session, make, manager, second)
    session.commit()
    to_fail, asked = {owner.id}, queries.waiting

    def waiting(session, account, **more):
        if account.id in to_fail:
            raise ZeroDivisionError
        return asked(session, account, **more)

    monkeypatch.setattr(queries, "waiting", waiting)
    with app.app_context():
        assert send_digests() == 1
        assert f"the digest of account {owner.id} could not be written" in caplog.text
        to_fail.clear()
        assert send_digests() == 1
    assert messages(session) == [(each.email, ["1 × case given to you"]) for each in (second, owner)]


@pytest.mark.parametrize("words", ["x", "14,", "14;3", "-1", "367", ",".join("1" * 11)])
def test_days_that_are_none_are_refused_at_the_start(tmp_path, words):
    with pytest.raises(ConfigError, match="DUE_SOON_DAYS"):
        from_environment({"OFFICE": "demonstration", "DATA_DIR": str(tmp_path), "DUE_SOON_DAYS": words})


def test_somebody_chooses_on_their_own_page(session, reader):
    client, account = reader(Role.LIAISON)

    assert "/account/notices" in client.get("/account").text
    assert "Select how often." in client.post("/account/notices", data={"choice": "hourly"}).text
    assert client.post("/account/notices", data={"choice": "immediately"}).status_code == 302
    assert queries.choice_of(session, account) is Choice.IMMEDIATELY
    assert 'value="immediately" checked' in client.get("/account/notices").text


WORKER = """
import sys
from app import create_app
from app.worker.digests import send_digests

app = create_app()
with app.app_context():
    print(send_digests())
"""


def test_many_workers_write_one_digest_for_each_person(request, tmp_path):
    with databases.empty(request.config.getoption("--database"), tmp_path) as url:
        settings = {"OFFICE": "trial", "DATA_DIR": str(tmp_path), "DATABASE_URL": url, "SECRET_KEY": "x" * 40}
        app = create_app(
            Config(OFFICE=Office.TRIAL, DATA_DIR=tmp_path, DATABASE_URL=url, SECRET_KEY="x" * 40)
        )
        with app.app_context():
            from alembic import command

            from tests.factories import Make

            command.upgrade(alembic_config(), "head")
            with db.unit_of_work() as session:
                make = Make(session)
                people = [make.account(Role.INVESTIGATOR) for _ in range(12)]
                for person in people:
                    actions.tell(session, person, K.ALLOCATED, actor=None)
        environ = {**os.environ, **settings, "DIGEST_HOUR": "0"}
        project = Path(__file__).parents[2]
        workers = [
            subprocess.Popen([sys.executable, "-c", WORKER], cwd=project, env=environ, stdout=subprocess.PIPE)
            for _ in range(4)
        ]
        written = [int(worker.communicate(timeout=120)[0]) for worker in workers]
        with app.app_context():
            addresses = db.session.scalars(select(Message.address)).all()
            db.close()
            db.dispose()

    assert sum(written) == len(addresses) == len(set(addresses)) == 12
