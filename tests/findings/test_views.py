from __future__ import annotations

import re

import pytest

from app.accounts import passwords
from app.accounts.models import Role
from app.cases.models import CaseStage

PASSWORD = "the investigator's password"


@pytest.fixture
def case(make):
    owner = make.account(Role.INVESTIGATOR, password_hash=passwords.hash_of(PASSWORD))
    return make.case(CaseStage.DETAILED_INVESTIGATION, owner=owner, whole=False)


@pytest.fixture
def investigator(app, session, case, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    session.commit()
    client = app.test_client()
    client.post("/sign-in", data={"email": case.owner.email, "password": PASSWORD})
    return client


def path_of(case):
    return f"/cases/{case.reference}/allegations/1/finding"


def version_in(page):
    return re.search(r'name="drawn_from" value="(\d+)"', page.text).group(1)


def test_a_new_finding_is_drawn_with_nothing_answered(investigator, case):
    page = investigator.get(path_of(case))

    assert re.findall(r"<option value=\"(\d)\" selected", page.text) == []
    assert re.findall(r"type=\"(?:radio|checkbox)\"[^>]* checked", page.text) == []
    assert version_in(page) == "0"


def test_of_two_who_save_the_second_sees_both_texts_and_loses_nothing(investigator, session, case):
    first, second = investigator.get(path_of(case)), investigator.get(path_of(case))
    saved = {"drawn_from": version_in(first), "happened": "What the first wrote.", "gap": "A gap."}
    assert investigator.post(path_of(case), data=saved).status_code == 302

    typed = {"drawn_from": version_in(second), "happened": "What the second wrote.", "gap": ""}
    answer = investigator.post(path_of(case), data=typed)

    session.expire_all()
    assert case.allegations[0].finding.happened == "What the first wrote."
    assert "Someone else has saved this since you opened it." in answer.text
    assert "What the second wrote.</textarea>" in answer.text
    shown = re.findall(r'class="theirs"[^>]*>.*?<span class="prose">(.*?)</span>', answer.text, re.DOTALL)
    assert shown == ["What the first wrote.", "A gap."]

    again = {"drawn_from": version_in(answer), "happened": "Both together."}
    assert investigator.post(path_of(case), data=again).status_code == 302
    session.expire_all()
    assert case.allegations[0].finding.happened == "Both together."


def test_a_refusal_stands_at_its_field_and_in_the_summary_and_keeps_what_was_typed(investigator, case):
    answer = investigator.post(
        path_of(case),
        data={
            "drawn_from": "0",
            "happened": "It was reported late.",
            "cited-0-key": "NHSE-TAT",
            "cited-0-clause": "28 days",
            "injustice": "none",
        },
    )

    assert answer.status_code == 200
    assert answer.text.count("Injustice can only follow from a failing.") == 2
    assert "It was reported late.</textarea>" in answer.text
    assert '<option value="NHSE-TAT" selected>' in answer.text
