"""A document is read page by page by the office alone, found again by its words, and cited to the region."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from app.accounts.models import Role
from app.audit.models import AccessEntry
from app.core.errors import NotPermitted, RuleBroken
from app.evidence.models import Disclosure, EvidenceLink
from app.examining.actions import have_drawn
from app.examining.models import Examination, Quarantine, Rendition, Safety
from app.reading import actions, queries
from app.reading.boxes import Box
from app.reading.models import CitationRegion
from tests.examining import made

WEIGHED = {"weight": "supports", "reason": "It was there to be seen."}


def at(document, *more):
    return "/".join((f"/cases/{document.case.reference}/evidence/{document.key}", *more))


def links(session):
    return [
        (link.page, link.note) for link in session.scalars(select(EvidenceLink).order_by(EvidenceLink.id))
    ]


def test_a_page_is_shown_with_its_words_and_the_way_to_the_others(read):
    client, document = read

    page = client.get(at(document, "read?page=2")).text

    assert f"Page 2 of {document.title}" in page
    assert f'href="{at(document, "pages/2")}" width="1400" height="934"' in page
    assert "Mass in the left lung." in page
    assert f'rel="prev" href="{at(document, "read?page=1#leaf")}"' in page
    assert f'rel="next" href="{at(document, "read?page=3#leaf")}"' in page


def test_the_picture_of_a_page_goes_out_as_a_picture_and_into_the_access_log(session, read):
    client, document = read

    with client.get(at(document, "pages/2")) as answer, Image.open(BytesIO(answer.data)) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (1400, 934))
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    noted = session.scalars(select(AccessEntry).order_by(AccessEntry.id.desc())).first()
    assert (noted.kind.value, noted.subject) == ("downloaded", f"{document.case.reference} {document.key} 2")


def test_what_a_page_says_is_never_markup(read):
    client, document = read

    page = client.get(at(document, "read?page=3&words=<b>")).text

    assert "Dr <mark>&lt;b&gt;</mark>Roe&lt;/b&gt;" in page


def test_words_are_found_in_any_case_on_pages_that_have_them_all(session, read):
    _client, document = read

    assert queries.hits(session, document, "LEFT lung") == [
        queries.Hit(
            2, False, [[("Mass in the ", False), ("left", True), (" ", False), ("lung", True), (".", False)]]
        )
    ]
    assert queries.hits(session, document, "left finding") == []
    assert queries.hits(session, document, "%") == []


@pytest.mark.parametrize("asked", ["page=4", "page=99999"])
def test_a_page_beyond_the_last_opens_the_last(read, asked):
    client, document = read

    assert "Page 3 of " in client.get(at(document, f"read?{asked}")).text


@pytest.mark.parametrize("asked", ["", "page=0", "page=x", "page=-1", "cited=whole", "zoom=7"])
def test_what_names_no_page_opens_the_first(read, asked):
    client, document = read

    assert "Page 1 of " in client.get(at(document, f"read?{asked}")).text


def test_nobody_outside_the_office_reads_here_even_what_was_disclosed(session, reader, read):
    _client, document = read
    officer, account = reader(Role.LIAISON)
    account.organisation = document.case.allegations[0].organisation
    document.disclosures.append(Disclosure(organisation=account.organisation, disclosed_by_id=account.id))
    session.commit()

    for way in ("read", "pages/1", "cite"):
        assert officer.get(at(document, way)).status_code in {403, 404}


def test_an_infected_file_is_read_by_nobody(session, read):
    client, document = read
    quarantine = session.scalars(select(Quarantine).where(Quarantine.document_id == document.id)).one()
    quarantine.state, quarantine.infection = Safety.INFECTED, "Eicar"
    session.commit()

    assert [client.get(at(document, way)).status_code for way in ("read", "pages/1", "cite")] == [403] * 3


def test_a_picture_that_is_lost_from_its_store_is_not_found(session, stores, read):
    client, document = read
    session.scalars(select(Rendition).where(Rendition.kind == "page", Rendition.page == 1)).one().sha256 = (
        "0" * 64
    )
    session.commit()

    assert client.get(at(document, "pages/1")).status_code == 404


def test_a_document_that_came_before_pages_were_drawn_is_drawn_when_asked(session, read):
    client, document = read
    for row in session.scalars(select(Rendition).where(Rendition.kind == "page")):
        session.delete(row)
    session.delete(session.scalars(select(Examination).where(Examination.kind == "pages")).one())
    session.commit()

    client.post(at(document, "draw"))

    drawing = session.scalars(select(Examination).where(Examination.kind == "pages")).one()
    assert drawing.state.value == "waiting"
    assert "being drawn" in client.get(at(document, "read")).text
    with pytest.raises(RuleBroken, match="are being drawn"):
        have_drawn(session, document, actor=document.case.owner)


def test_a_letter_without_pictures_is_read_by_its_words(session, entered, work, read):
    client, first = read
    letter = entered("letter.docx", made.docx("Dear Sir"))
    letter.case.owner = first.case.owner
    session.commit()
    work()

    page = client.get(at(letter, "read")).text

    assert "There is no picture of this page." in page
    assert "Dear Sir" in page


def test_a_page_several_pages_and_regions_are_cited(session, read):
    _client, document = read
    allegation, owner = document.case.allegations[0], document.case.owner

    def cite(**said):
        actions.cite(session, document, allegation, actor=owner, note="So it says.", **said)

    cite(page=2)
    cite(page=1, last_page=3)
    cite(page=2, box=Box(100, 200, 300, 400))
    cite(page=2, box=Box(0, 0, 1000, 10))

    assert [page for page, _note in links(session)] == ["2", "1–3", "2, region 1", "2, region 2"]
    regions = session.scalars(select(CitationRegion).order_by(CitationRegion.id)).all()
    assert [(r.link.page, r.page, r.left, r.top, r.right, r.bottom) for r in regions] == [
        ("2, region 1", 2, 100, 200, 300, 400),
        ("2, region 2", 2, 0, 0, 1000, 10),
    ]
    assert [link.page for link, _region in queries.leaf(session, document, 3).cited] == ["1–3"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"page": 4}, "Enter a page from 1 to 3."),
        ({"page": 0}, "Enter a page from 1 to 3."),
        ({"page": 2, "last_page": 1}, "Enter a later page, up to 3, or none."),
        ({"page": 2, "last_page": 4}, "Enter a later page, up to 3, or none."),
        ({"page": 1, "last_page": 2, "box": Box(0, 0, 9, 9)}, "A region is of one page."),
    ],
)
def test_what_is_not_in_the_document_cannot_be_cited(session, read, said, why):
    _client, document = read

    with pytest.raises(RuleBroken, match=why):
        actions.cite(
            session, document, document.case.allegations[0], actor=document.case.owner, note="x", **said
        )

    assert links(session) == []


def test_a_colleague_who_may_not_add_evidence_cannot_cite(session, make, read):
    _client, document = read

    with pytest.raises(NotPermitted):
        actions.cite(
            session,
            document,
            document.case.allegations[0],
            actor=make.account(Role.LIAISON),
            note="x",
            page=1,
        )


def test_a_citation_leads_back_to_its_page_with_the_region_outlined(read):
    client, document = read
    sides = {"left": "100", "top": "200", "right": "300", "bottom": "400"}

    sent = client.post(
        at(document, "cite?page=2"),
        data={"allegation": "1", "page": "2", "note": "A mass.", **WEIGHED, **sides},
    )

    assert sent.location == at(document, "read?cited=2,+region+1")
    shown = client.get(sent.location).text
    assert '<rect class="box box--chosen" x="140.0" y="186.8" width="280.0" height="186.8"/>' in shown
    assert "A mass." in shown
    assert f'href="{at(document, "read?cited=2,+region+1")}"' in client.get(at(document)).text


@pytest.mark.parametrize(
    ("sides", "why"),
    [
        ({"left": "1"}, "Enter all four sides of the region, or none of them."),
        ({"left": "5", "top": "1", "right": "5", "bottom": "9"}, "The right side must be further right"),
        ({"left": "1", "top": "9", "right": "5", "bottom": "9"}, "The lower side must be further down"),
        ({"left": "1", "top": "9", "right": "1001", "bottom": "9"}, "Enter a whole number from 0 to 1,000."),
    ],
)
def test_what_is_no_region_is_refused_at_its_side_with_what_was_typed_kept(session, read, sides, why):
    client, document = read

    page = client.post(
        at(document, "cite"), data={"allegation": "1", "page": "1", "note": "Kept.", **WEIGHED, **sides}
    ).text

    assert why in page
    assert "Kept.</textarea>" in page
    assert links(session) == []
