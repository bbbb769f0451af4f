from __future__ import annotations

import re
from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.accounts import passwords
from app.accounts.models import Role
from app.audit.models import Access, AccessEntry
from app.audit.queries import story
from app.cases.models import CaseStage
from app.core import clock
from app.decisions.models import ProvisionalViews
from app.findings.models import CitedStandard

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


def make_views(session, case):
    views = ProvisionalViews(content={}, shared_by=case.owner, window_days=10, comments_due_on=clock.today())
    case.provisional_views.append(views)
    session.commit()


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


def test_a_finding_that_is_opened_and_saved_untouched_is_the_same_as_before(
    investigator, session, make, case
):
    [allegation] = case.allegations
    finding = make.finding(allegation, no_standard_because="")
    finding.standards = [CitedStandard(key="RCR-BFCR(16)4", list_version="0.1", clause="5")]
    session.commit()
    page = investigator.get(path_of(case))
    sent = [("drawn_from", version_in(page))]
    sent += re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', page.text, re.DOTALL)
    sent += re.findall(
        r'type="(?:radio|checkbox)" id="[^"]+" name="([^"]+)" value="([^"]+)" checked', page.text
    )
    sent += re.findall(
        r'<input class="govuk-input" id="[^"]+" name="([^"]+)" type="text" value="([^"]*)"', page.text
    )
    for listed in re.findall(r"<select.*?</select>", page.text, re.DOTALL):
        [name], chosen = (
            re.findall(r'name="([^"]+)"', listed),
            re.findall(r'value="([^"]*)" selected', listed),
        )
        sent += [(name, (chosen or [""])[0])]

    assert investigator.post(path_of(case), data=MultiDict(sent)).status_code == 302

    session.expire_all()
    assert finding.missing == []
    assert [(c.key, c.clause) for c in finding.standards] == [("RCR-BFCR(16)4", "5")]
    told = story(session, case.complaint)[0]
    assert (told.event, told.detail["changes"]) == ("finding.written", {})


def test_text_that_is_refused_for_good_is_shown_to_its_author(investigator, session, make, case):
    case.owner = make.account(Role.INVESTIGATOR)
    session.commit()

    answer = investigator.post(path_of(case), data={"happened": "An hour of careful writing."})

    assert answer.status_code == 403
    assert "What you had typed" in answer.text
    assert "An hour of careful writing." in answer.text


def test_a_form_that_was_sent_is_in_the_access_log_with_the_request_the_record_names(
    investigator, session, case
):
    investigator.post(path_of(case), data={"drawn_from": "0", "happened": "It was reported late."})

    entry = story(session, case.complaint)[0]
    [sent] = session.scalars(select(AccessEntry).where(AccessEntry.request_id == entry.request_id)).all()
    assert (sent.kind, sent.page, sent.roles) == (Access.SENT, "findings.write", "investigator")


def test_a_form_sent_again_with_other_words_says_so_and_loses_neither(investigator, session, case):
    path = f"/cases/{case.reference}/provisional-views/comments/new"
    case.stage = CaseStage.PROVISIONAL_VIEWS
    make_views(session, case)
    sent = {
        "submission": "a" * 32,
        "party": "complainant",
        "words": "The first words.",
        **{f"received_on-{part}": str(getattr(clock.today(), part)) for part in ("day", "month", "year")},
    }
    assert investigator.post(path, data=sent).status_code == 302
    assert investigator.post(path, data=sent).status_code == 302

    answer = investigator.post(path, data=sent | {"words": "The second words."})

    assert "This form was sent before with other answers" in answer.text
    assert "The second words.</textarea>" in answer.text
    assert [comment.words for comment in case.comments] == ["The first words."]
    again = re.search(r'name="submission" value="([0-9a-f]{32})"', answer.text).group(1)
    investigator.post(path, data=sent | {"words": "The second words.", "submission": again})
    session.expire_all()
    assert [comment.words for comment in case.comments] == ["The first words.", "The second words."]


def test_a_document_is_not_read_under_the_reference_of_another_case(app, investigator, session, make, case):
    other = make.case()
    document = make.document(other)
    document.sha256 = app.extensions["files"].keep(BytesIO(b"A report."), limit=99).sha256
    session.commit()

    right, wrong = (f"/cases/{ref}/evidence/{document.key}/file" for ref in (other.reference, case.reference))
    with investigator.get(right) as answer:
        assert answer.status_code == 200
    assert investigator.get(wrong).status_code == 404
