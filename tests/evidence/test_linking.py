"""What bears upon an allegation: with which weight, why, and until it is taken back."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Role
from app.allegations.models import CheckOutcome
from app.audit.queries import story
from app.cases.models import CaseStage
from app.core.errors import NotPermitted, RuleBroken
from app.decisions.content import composed
from app.evidence import linking, provenance
from app.evidence.models import EvidenceLink, Weight
from app.findings import actions as findings
from app.findings.models import FindingEvidence
from app.integrity import bags
from app.recommendations.models import RecommendationState, SubmittedDocument
from app.search import index
from app.timeline import actions as timeline
from app.timeline.models import Exactness


@pytest.fixture
def case(make):
    return make.case(CaseStage.DETAILED_INVESTIGATION, whole=False)


@pytest.fixture
def allegation(case):
    return case.allegations[0]


@pytest.fixture
def document(make, case):
    return make.document(case)


def row_of(session, case, **more):
    told = {"kind": "performed", "happened_on": date(2021, 1, 11), "exactness": Exactness.DAY}
    return timeline.record_row(session, case, actor=case.owner, **told | more)


def link(session, document, allegation, **more):
    return linking.link(
        session,
        document,
        allegation,
        actor=document.case.owner,
        **{"note": "It lay unread.", "weight": Weight.SUPPORTS, "reason": "The log names nobody."} | more,
    )


def link_row(session, row, allegation, **more):
    given = {"note": "When it was made.", "weight": Weight.CONTRADICTS, "reason": "It was in time."}
    return linking.link_row(session, row, allegation, actor=row.case.owner, **given | more)


def test_a_link_says_what_it_weighs_and_why_and_so_does_the_record(session, case, document, allegation):
    linked = link(session, document, allegation, page="12–14")

    assert (linked.cited, linked.weight, linked.reason) == (
        f"{document.title}, pages 12–14",
        Weight.SUPPORTS,
        "The log names nobody.",
    )
    session.flush()
    assert story(session, case.complaint)[0].detail == {
        "document": document.key,
        "title": document.title,
        "allegation": 1,
        "page": "12–14",
        "note": "It lay unread.",
        "weight": "Supports the allegation",
        "reason": "The log names nobody.",
    }


@pytest.mark.parametrize("weight", [Weight.SUPPORTS, Weight.CONTRADICTS])
def test_what_speaks_for_or_against_says_why(session, document, allegation, weight):
    with pytest.raises(RuleBroken, match="Enter why it has that weight"):
        link(session, document, allegation, weight=weight, reason="")

    assert document.links == []


def test_who_only_names_document_and_allegation_gives_context(session, case, document, allegation):
    linked = linking.link(session, document, allegation, actor=case.owner, note="The policy of the day.")

    assert (linked.weight, linked.reason) == (Weight.CONTEXT, "")


@pytest.mark.parametrize(
    ("page", "leads_to", "said"),
    [
        ("3", 3, "page 3"),
        ("12-14", 12, "pages 12-14"),
        ("12–14", 12, "pages 12–14"),
        ("p. 5", 5, "p. 5"),
        ("pp 7 and 9", 7, "pp 7 and 9"),
        ("Page 2, foot", 2, "Page 2, foot"),
        ("image 40", None, "image 40"),
        ("the whole", None, "the whole"),
        ("0", None, "page 0"),
        ("1234567", None, "page 1234567"),
        ("", None, ""),
    ],
)
def test_a_page_as_people_cite_it_leads_to_the_right_one(page, leads_to, said):
    linked = EvidenceLink(page=page)

    assert (linked.first_page, linked.at) == (leads_to, said)


def test_a_row_of_the_timeline_bears_upon_an_allegation_once(session, case, document, allegation):
    row = row_of(session, case, document=document, page="4")

    linked = link_row(session, row, allegation)

    assert (linked.called, linked.source, linked.rests_in, linked.first_page) == (
        "Row 1 of the timeline: Examination performed, 11 January 2021",
        row,
        document,
        4,
    )
    with pytest.raises(RuleBroken, match="linked to that allegation already"):
        link_row(session, row, allegation)
    timeline.strike_out(session, other := row_of(session, case), actor=case.owner, reasons="Twice.")
    with pytest.raises(RuleBroken, match=r"struck out\. Link one that stands"):
        link_row(session, other, allegation)


def test_neither_a_document_nor_a_row_is_linked_to_an_allegation_of_another_case(
    session, make, case, document
):
    foreign = make.case().allegations[0]

    with pytest.raises(RuleBroken, match="Select an allegation of this case"):
        link(session, document, foreign)
    with pytest.raises(RuleBroken, match="Select an allegation of this case"):
        link_row(session, row_of(session, case), foreign)


@pytest.mark.parametrize("both", [True, False])
def test_a_link_is_of_a_document_or_of_a_row_and_never_of_both_or_none(
    session, case, document, allegation, both
):
    given = {"document": document, "timeline_row": row_of(session, case)} if both else {}
    session.add(EvidenceLink(allegation=allegation, note="It shows.", added_by=case.owner, **given))

    with pytest.raises(IntegrityError):
        session.flush()


def test_a_row_that_is_linked_is_not_struck_out_until_the_link_is_taken_back(session, case, allegation):
    row = row_of(session, case)
    linked = link_row(session, row, allegation)

    with pytest.raises(RuleBroken, match=r"This row is linked to allegation 1\. Take the link back first\."):
        timeline.strike_out(session, row, actor=case.owner, reasons="Wrong.")
    linking.take_back(session, linked, actor=case.owner, reasons="Of another patient.")
    timeline.strike_out(session, row, actor=case.owner, reasons="Of another patient.")

    assert row.struck_because == "Of another patient."


def test_a_link_taken_back_stays_with_its_reasons_counts_no_more_and_can_be_made_again(
    session, case, document, allegation
):
    linked = link(session, document, allegation, page="2")
    linking.take_back(session, linked, actor=case.owner, reasons="The wrong page.")
    session.flush()
    session.refresh(allegation)

    assert (linked.struck_by, linked.struck_because) == (case.owner, "The wrong page.")
    assert (document.links, document.standing_links, allegation.standing_links) == ([linked], [], [])
    assert story(session, case.complaint)[0].detail == {
        "title": document.title,
        "allegation": 1,
        "page": "2",
        "weight": "Supports the allegation",
        "reasons": "The wrong page.",
    }
    assert index.worked_out(session, [case.complaint_id])[case.complaint_id]["notes"].count("unread") == 0
    with pytest.raises(RuleBroken, match="taken back already"):
        linking.take_back(session, linked, actor=case.owner, reasons="Again.")
    with pytest.raises(RuleBroken, match="Select evidence that is linked to this allegation"):
        findings.write_finding(session, case, allegation, actor=case.owner, rests_on=[linked.id])
    again = link(session, document, allegation, page="2")
    assert document.standing_links == [again]


def test_a_link_that_a_finding_rests_on_is_not_taken_back(session, case, document, allegation):
    linked = link(session, document, allegation)
    session.flush()
    session.refresh(allegation)
    findings.write_finding(session, case, allegation, actor=case.owner, rests_on=[linked.id])

    with pytest.raises(RuleBroken, match=r"The finding on allegation 1 rests on it\. Rewrite the finding"):
        linking.take_back(session, linked, actor=case.owner, reasons="Wrong.")
    findings.write_finding(session, case, allegation, actor=case.owner, drawn_from=1, rests_on=[])
    linking.take_back(session, linked, actor=case.owner, reasons="Wrong.")

    assert linked.struck_because == "Wrong."


def test_only_who_works_on_a_case_links_and_takes_back(session, make, case, document, allegation):
    linked = link(session, document, allegation)
    liaison = make.account(Role.LIAISON, organisation=allegation.organisation)

    for act in (
        lambda: linking.link(session, document, allegation, actor=liaison, note="Ours."),
        lambda: linking.link_row(
            session,
            row_of(session, case),
            allegation,
            actor=liaison,
            note="Ours.",
            weight=Weight.CONTEXT,
            reason="It is.",
        ),
        lambda: linking.take_back(session, linked, actor=liaison, reasons="Not ours."),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_a_decision_and_a_finding_say_which_row_they_rest_on(session, make, case, allegation):
    document = make.document(case, title="Audit log")
    row = row_of(session, case, document=document)
    finding = make.finding(allegation)
    finding.rests_on = [FindingEvidence(link=link_row(session, row, allegation))]
    session.flush()

    [told] = composed(case)["allegations"]

    assert told["evidence"] == [
        {
            "title": "Row 1 of the timeline: Examination performed, 11 January 2021",
            "page": "",
            "note": "When it was made.",
            "sha256": document.sha256,
        }
    ]


def test_a_bag_lists_what_bears_upon_what_with_weight_and_reason_and_what_was_taken_back(
    session, case, document, allegation
):
    link(session, document, allegation, page="2")
    link_row(session, row_of(session, case, document=document), allegation)
    linking.take_back(
        session,
        link_row(session, row_of(session, case, exactness=Exactness.MONTH), allegation),
        actor=case.owner,
        reasons="Twice.",
    )
    session.flush()
    session.refresh(allegation)

    said = bags._bearing(case)

    assert said == {
        document.id: [
            "allegation 1, page 2: It lay unread. Supports the allegation, because: The log names nobody.",
            "Row 1 of the timeline: Examination performed, 11 January 2021: allegation 1: When it was made."
            " Speaks against it, because: It was in time.",
        ],
        None: [
            "Row 2 of the timeline: Examination performed, January 2021: allegation 1: When it was made."
            " Speaks against it, because: It was in time. (taken back: Twice.)"
        ],
    }


def test_a_document_that_a_row_or_a_submission_rests_on_is_not_withdrawn(session, make, case, document):
    row = row_of(session, case, document=document)
    with pytest.raises(RuleBroken, match="as row 1 of the timeline rests on it"):
        provenance.withdraw(session, document, actor=case.owner, reasons="Wrong.")
    timeline.strike_out(session, row, actor=case.owner, reasons="Wrong.")

    make.finding(case.allegations[0])
    recommendation = make.recommendation(case, state=RecommendationState.SUBMITTED)
    recommendation.submissions[0].documents.append(SubmittedDocument(document=document))
    session.flush()
    with pytest.raises(RuleBroken, match="it was submitted to show that a recommendation was done"):
        provenance.withdraw(session, document, actor=case.owner, reasons="Wrong.")

    assert document.withdrawn_at is None


def test_the_forms_ask_for_weight_and_reason_and_keep_what_was_typed(session, make, reader):
    client, owner = reader(Role.INVESTIGATOR)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False, owner=owner)
    document = make.document(case)
    row_of(session, case)
    session.commit()
    at = f"/cases/{case.reference}"

    for address in (f"{at}/evidence/{document.key}/links/new", f"{at}/timeline/rows/1/links/new"):
        refused = client.post(address, data={"allegation": "1", "note": "It lay unread."})
        assert refused.status_code == 200
        assert "Select what it does." in refused.text
        assert "Enter why it has that weight." in refused.text
        assert "It lay unread." in refused.text
        answers = {"allegation": "1", "note": "It lay unread.", "weight": "contradicts", "reason": "In time."}
        assert client.post(address, data=answers | {"page": ""}).status_code == 302

    page = client.get(f"/complaints/{case.reference}/allegations/1").text
    assert page.count("In time.") == 2
    assert "No evidence for it yet." in page
    assert "No context yet." in page
    assert "No evidence against it yet." not in page


def test_a_link_is_taken_back_on_its_page_and_read_on_as_that(session, make, reader):
    client, owner = reader(Role.INVESTIGATOR)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False, owner=owner)
    linked = make.link(case.allegations[0], note="It lay unread.")
    elsewhere = make.link(make.case(CaseStage.DETAILED_INVESTIGATION, whole=False).allegations[0])
    session.commit()
    at = f"/cases/{case.reference}/evidence/links"

    assert client.get(f"{at}/{elsewhere.id}/take-back").status_code == 404
    assert client.post(f"{at}/{linked.id}/take-back", data={"reasons": ""}).status_code == 200
    assert client.post(f"{at}/{linked.id}/take-back", data={"reasons": "Wrong page."}).status_code == 302

    page = client.get(f"/complaints/{case.reference}/allegations/1").text
    assert "Taken back (1)" in page
    assert "Wrong page." in page
    assert "Nothing links to it yet, so no finding can rest on anything." in page
    assert "not said" in page


def test_the_table_shows_what_bears_upon_which_allegation_and_what_on_none(session, make, reader):
    client, owner = reader(Role.INVESTIGATOR)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False, owner=owner)
    second = make.allegation(case.complaint, outcome=CheckOutcome.ACCEPT)
    linked, loose = make.document(case, title="Audit log"), make.document(case, title="Policy")
    row = row_of(session, case)
    link(session, linked, case.allegations[0], page="2")
    link(session, linked, second, weight=Weight.CONTRADICTS)
    link_row(session, row, second)
    session.commit()
    at = f"/cases/{case.reference}/evidence/table"

    page = client.get(at).text
    assert "1 of 2 documents and 1 of 1 row of the timeline are linked to an allegation." in page
    assert [page.count(words) for words in ("Supports</span>", "▼</span> Against", "Audit log</a>")] == [
        1,
        2,
        1,
    ]
    assert (f"{loose.title}</a>" in page, f"{row.cited}</a>" in page) == (False, True)

    unlinked = client.get(f"{at}?show=unlinked").text
    assert (f"{loose.title}</a>" in unlinked, "Audit log</a>" in unlinked) == (True, False)
    assert f"/cases/{case.reference}/evidence/{loose.key}/links/new" in unlinked


def test_the_table_is_paged_over_documents_and_then_rows_and_costs_the_same(session, make, reader, cost):
    client, owner = reader(Role.INVESTIGATOR)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False, owner=owner)
    for number in range(49):
        link(session, make.document(case, title=f"Paper {number:02}"), case.allegations[0])
    for _ in range(3):
        link_row(session, row_of(session, case), case.allegations[0])
    at = f"/cases/{case.reference}/evidence/table"

    with_one = cost(client, at)
    first = client.get(at).text
    for _ in range(24):
        make.allegation(case.complaint, outcome=CheckOutcome.ACCEPT)
    with_many = cost(client, at)
    assert client.get(at).text.count('scope="col"') == 26
    second = client.get(f"{at}?after=50").text

    assert (first.count("Paper "), first.count("Row ")) == (49, 1)
    assert (second.count("Paper "), second.count("Row ")) == (0, 2)
    assert with_many == with_one <= 15
    assert client.get(f"{at}?after=999999999").status_code == 200
