"""Passwords are chosen by links that work once, and not for long (B8, B9)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts import actions, limits, links, passwords
from app.accounts.models import AccountSession, PasswordLink, Role
from app.audit.models import AuditEntry
from app.core import clock, sealing
from app.core.errors import NotPermitted, RuleBroken
from app.outbox.models import Message
from tests.accounts.conftest import path_in
from tests.conftest import PASSWORD

CHOSEN = "four quiet herons wading"
FORGOTTEN = "/forgotten-password"


@pytest.fixture
def person(make, session):
    account = make.account(Role.CASEWORKER, password_hash=passwords.hash_of(PASSWORD))
    session.commit()
    return account


@pytest.fixture
def stranger(app, session, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return app.test_client()


@pytest.fixture
def sent(session):
    """Have a link sent, and give its token."""

    def send(account):
        assert links.ask(session, email=account.email, network="192.0.2.1")
        session.flush()
        return sealing.token_of(session.scalars(select(Message.seal).order_by(Message.id.desc())).first())

    return send


@pytest.fixture
def later(monkeypatch):
    start, passed = clock.wall(), timedelta()

    def go_on(by):
        nonlocal passed
        passed += by

    monkeypatch.setattr(clock, "_read", lambda: start + passed)
    return go_on


def signs_in(app, account, password) -> bool:
    answer = app.test_client().post("/sign-in", data={"email": account.email, "password": password})
    return answer.status_code == 302


def told(session):
    return list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)))


def test_whoever_is_invited_chooses_a_password_by_the_link_in_their_letter(
    app, session, reader, letters, stranger
):
    administrator, _ = reader(Role.ADMINISTRATOR)
    answers = {"name": "New", "email": "new@office.example", "roles": "caseworker"}

    made = administrator.post("/accounts/new", data=answers)
    page = administrator.get(made.location).text
    [(address, subject, text)] = letters()
    form = stranger.get(path_in(text))
    before = signs_in(app, _account(session, "new@office.example"), "none")
    chosen = stranger.post(path_in(text), data={"password": CHOSEN})

    assert "Invited: has not chosen a password yet" in page and "Invite again" in page
    assert (address, subject) == ("new@office.example", "Choose your password")
    assert (form.status_code, chosen.status_code, chosen.location) == (200, 302, "/sign-in")
    assert "Choose your password" in form.text
    assert (before, signs_in(app, _account(session, "new@office.example"), CHOSEN)) == (False, True)
    assert told(session) == ["account.created", "password_link.sent", "password.chosen"]


def _account(session, email):
    from app.accounts.queries import by_email

    session.expire_all()
    return by_email(session, email)


def test_an_invitation_works_for_a_day_and_a_forgotten_password_for_a_quarter_of_an_hour():
    lasts = {str(purpose): time for purpose, time in links.LASTS.items()}

    assert lasts == {"invitation": timedelta(hours=24), "forgotten": timedelta(minutes=15)}


def test_nobody_signs_in_who_was_invited_and_chose_nothing(app, session, make, stranger):
    invited = make.account(Role.CASEWORKER, password_hash=None)
    session.commit()

    tried = ["", "none", "None", "null", "the password of nobody at all", PASSWORD]

    assert [signs_in(app, invited, password) for password in tried] == [False] * len(tried)


def test_only_who_has_no_password_is_invited_again_and_the_first_link_is_dead_then(session, make, person):
    administrator = make.account(Role.ADMINISTRATOR)
    invited = actions.create(
        session, actor=administrator, email="i@office.example", name="I", roles=[Role.CASEWORKER]
    )
    first = session.scalars(select(Message.seal)).one()
    links.invite(session, invited, actor=administrator)
    session.flush()

    assert links.living(session, sealing.token_of(first)) is None
    with pytest.raises(RuleBroken, match="has a password"):
        links.invite(session, person, actor=administrator)
    with pytest.raises(NotPermitted):
        links.invite(session, invited, actor=person)


def test_looking_at_a_link_changes_nothing_a_hundred_times(app, session, person, sent, stranger):
    path = links.LEADS_TO + sent(person)
    session.commit()
    before = [tuple(row) for row in session.execute(select(PasswordLink.__table__))]

    looked = [
        stranger.open(path, method=method).status_code for method in ("GET", "HEAD") for _ in range(100)
    ]
    session.expire_all()

    assert looked == [200] * 200
    assert [tuple(row) for row in session.execute(select(PasswordLink.__table__))] == before
    assert stranger.post(path, data={"password": CHOSEN}).status_code == 302
    print(f"\n{len(looked)} looks at one link, 0 changes")


def used(session, person, token, later):
    links.choose(session, token, password=CHOSEN)


def expired(session, person, token, later):
    later(timedelta(minutes=15, seconds=1))


def overtaken(session, person, token, later):
    assert links.ask(session, email=person.email, network="192.0.2.1")


def changed(session, person, token, later):
    actions.change_password(session, person, actor=person, password=CHOSEN)


def suspended(session, person, token, later):
    actions.suspend(session, person, actor=None)


def suspended_and_restored(session, person, token, later):
    actions.suspend(session, person, actor=None)
    actions.restore(session, person, actor=None)


def moved(session, person, token, later):
    person.email = "elsewhere@office.example"


DEATHS = [used, expired, overtaken, changed, suspended, suspended_and_restored, moved]


@pytest.mark.parametrize("death", DEATHS)
def test_a_dead_link_opens_nothing_fifty_times_over(session, person, sent, stranger, later, death):
    token = sent(person)
    death(session, person, token, later)
    session.commit()
    kept = person.password_hash

    answers = [
        stranger.post(links.LEADS_TO + token, data={"password": "six old kettles humming"}) for _ in range(50)
    ]
    session.expire_all()

    assert {answer.status_code for answer in answers} == {404}
    assert "This link does not work any more" in answers[0].text
    assert person.password_hash == kept
    print(f"\n50 tries with a link that was {death.__name__}, 0 opened anything")


def test_no_other_token_opens_a_link(session, person, sent):
    token = sent(person)
    seal, hashed = (
        session.scalars(select(Message.seal)).one(),
        session.scalars(select(PasswordLink.token_hash)).one(),
    )
    others = [seal, hashed, token[:-1], token + "A", token.lower(), token.upper(), "", " ", "\x00", "\ud800"]

    assert [links.living(session, other) for other in others] == [None] * len(others)
    assert links.living(session, token) is not None


def test_the_database_holds_nothing_that_opens_a_link(session, person, sent):
    token = sent(person)
    kept = [
        str(tuple(row))
        for table in (PasswordLink, Message)
        for row in session.execute(select(table.__table__))
    ]

    assert len(token) == 43  # 256 bits
    assert [row for row in kept if token in row] == []


def test_choosing_by_a_link_signs_out_everywhere_and_signs_nobody_in(session, reader, sent, stranger):
    client, account = reader(Role.CASEWORKER)
    token = sent(account)
    session.commit()

    stranger.post(links.LEADS_TO + token, data={"password": CHOSEN})

    assert client.get("/account").status_code == 302
    assert stranger.get("/account").status_code == 302
    alive = select(func.count()).select_from(AccountSession).where(AccountSession.ended_at.is_(None))
    assert session.scalar(alive) == 0


def test_a_password_that_is_refused_leaves_the_link_as_it_was(session, person, sent, stranger):
    token = sent(person)
    session.commit()

    refused = stranger.post(links.LEADS_TO + token, data={"password": "short"})
    taken = stranger.post(links.LEADS_TO + token, data={"password": CHOSEN})

    assert ("Use 12 characters or more" in refused.text, taken.status_code) == (True, 302)


def test_nobody_learns_from_asking_whether_there_is_an_account(app, session, make, stranger, monkeypatch):
    there = [make.account(Role.CASEWORKER).email for _ in range(250)]
    there += [make.account(Role.CASEWORKER, is_active=False).email for _ in range(250)]
    absent = [f"nobody{number}@office.example" for number in range(500)]
    session.commit()
    monkeypatch.setattr(
        limits.Limit, "window_start", lambda _limit: clock.wall()
    )  # each try in a window of its own
    hashes, costs, answers = [], {}, {}
    was = sealing.token_of
    monkeypatch.setattr(sealing, "token_of", lambda seal: (hashes.append(1), was(seal))[1])

    for email in (*there, *absent):
        hashes.clear()
        answer = stranger.post(FORGOTTEN, data={"email": email})
        page = re.sub(r'value="[^"]*"|[0-9a-f]{16}', "", stranger.get(answer.location).text)
        answers[email], costs[email] = (answer.status_code, answer.location, page), len(hashes)

    print(
        f"\n{len(answers)} askings: {len(set(answers.values()))} kind of answer, {set(costs.values())} hashes each"
    )
    assert len(set(answers.values())) == 1
    assert set(costs.values()) == {1}
    assert session.scalar(select(func.count()).select_from(Message)) == 250


@pytest.mark.parametrize("email", ["nobody@office.example", None])
def test_asking_is_limited_by_address_whoever_it_is_for(person, stranger, email):
    email = email or person.email
    spellings = [email, email.upper(), f" {email} ", email.title()]

    answers = [stranger.post(FORGOTTEN, data={"email": spelt}).status_code for spelt in spellings]

    assert answers == [302, 302, 302, 200]
    assert "This was asked too often." in stranger.post(FORGOTTEN, data={"email": email}).text
