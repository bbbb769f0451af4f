"""A bundle is one PDF with an index, holds only what its reader may have, and tells nothing of how it was made."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.accounts.models import Role
from app.audit.models import AuditEntry
from app.bundles import actions
from app.bundles.models import Bundle, Whom
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.evidence import actions as evidence
from app.evidence.models import ComplainantDisclosure
from app.evidence.provenance import withdraw
from app.examining import sandbox
from app.examining.models import Quarantine, Safety
from app.outbox.models import Message
from app.worker import bundling
from tests.redaction.planted import WORD, all_of_them


def read(app, bundle):
    with app.extensions["bundles"].open(bundle.sha256) as file:
        content = file.read()
    return content, PdfReader(BytesIO(content))


def by_title(case):
    return {document.title: document for document in case.documents}


def scanned(session, case, state=Safety.CLEAN):
    for quarantine in session.scalars(select(Quarantine)):
        quarantine.state = state


def seen_by_complainant(document):
    document.shown_to_complainant.append(ComplainantDisclosure(disclosed_by_id=document.added_by_id))


def test_documents_are_bound_in_the_order_of_their_dates_behind_an_index_with_every_page_numbered(
    app, session, case, ask, bind
):
    bundle = ask(case)

    bind()

    content, document = read(app, bundle)
    texts = [page.extract_text() for page in document.pages]
    assert [f"Bundle 1, page {n} of 5" in text for n, text in enumerate(texts, 1)] == [True] * 5
    index = " ".join(texts[0].split())
    assert f"{case.reference}: bundle 1" in index
    assert "1 Photograph *x* #panic() 1 March 2024" in index
    assert "2 Report 2 March 2024" in index
    assert "3–4" in index
    assert "Supplied separately" in index
    assert "CT image" in index
    assert ("First page." in texts[2], "Second page." in texts[3]) == (True, True)
    assert "*not bold* #panic(1)" in texts[4]
    assert [(item.title, document.get_destination_page_number(item)) for item in document.outline] == [
        ("Index", 0),
        ("1. Photograph *x* #panic()", 1),
        ("2. Report", 2),
        ("3. Note", 4),
    ]
    assert document.page_labels == ["1", "2", "3", "4", "5"]
    assert [(p.document.title, p.is_apart, p.first_page, p.last_page) for p in bundle.parts] == [
        ("CT image", True, None, None),
        ("Photograph *x* #panic()", False, 2, 2),
        ("Report", False, 3, 4),
        ("Note", False, 5, 5),
    ]
    assert (bundle.pages, bundle.size, bundle.notes) == (
        5,
        len(content),
        ["“Note”: its words were set in type here."],
    )


def test_the_index_is_tagged_and_nothing_says_who_or_what_made_the_bundle_or_when(
    app, session, case, ask, bind
):
    bundle = ask(case)

    bind()

    content, document = read(app, bundle)
    assert document.metadata is None
    assert set(document.trailer) == {"/Size", "/Root"}
    assert document.root_object["/MarkInfo"]["/Marked"] == True  # noqa: E712 (a value of PDF)
    assert document.root_object["/Lang"] == "en-GB"
    inside = content + b"".join(repr(document.get_object(n)).encode() for n in document.xref[0])
    told = [b"ypst", b"ypdf", b"PDFium", b"Producer", b"CreationDate", b"/tmp", case.owner.name.encode()]
    assert [word for word in told if word in inside] == []


def test_what_acts_or_hides_in_thirty_files_is_not_bound(tmp_path):
    """Attachments, scripts, metadata, earlier revisions, what a form holds and what an annotation says."""
    left = {}
    for name, content in all_of_them():
        (tmp_path / "file").write_bytes(content)
        out = tmp_path / "out.pdf"
        sandbox.read(
            "binding.prepare", tmp_path / "file", out=str(out), is_pdf=name.endswith(".pdf"), most=99
        )
        document = PdfReader(out)
        shown = "".join(page.extract_text() for page in document.pages)
        objects = [repr(document.get_object(n)) for n in document.xref[0]]
        hidden = [told for told in objects if WORD in told]
        acts = ("/JavaScript", "/OpenAction", "/AA", "/EmbeddedFile", "/Info")
        acting = [key for key in acts if any(key in one for one in objects)]
        if hidden or acting or ("revision" in name and WORD in shown):
            left[name] = hidden, acting

    assert left == {}


def test_a_page_that_cannot_be_taken_as_it_is_becomes_a_picture_of_itself(tmp_path, monkeypatch):
    """Here layers may be hidden, which only drawing obeys."""
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject, NameObject

    from tests.examining import made

    writer = PdfWriter(clone_from=BytesIO(made.pdf("Layered", "Too")))
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject()
    writer.write(tmp_path / "file")

    said = sandbox.read("binding.prepare", tmp_path / "file", out=str(tmp_path / "out"), is_pdf=True, most=9)

    document = PdfReader(tmp_path / "out")
    assert said == {"pages": 2, "drawn": [1, 2]}
    assert [(page.extract_text(), len(page.images)) for page in document.pages] == [("", 1), ("", 1)]


def test_a_party_is_given_only_what_is_disclosed_to_it_and_may_go_out_and_is_told_which_is_not(
    session, case, ask
):
    organisation = case.allegations[0].organisation
    for title in ("Report", "Note"):
        evidence.disclose(session, by_title(case)[title], actor=case.owner, organisation=organisation)
    session.flush()
    theirs = {"whom": Whom.ORGANISATION, "organisation": organisation}

    with pytest.raises(RuleBroken) as refused:
        ask(case, {"Report", "Photograph *x* #panic()"}, **theirs)

    assert str(refused.value) == (
        "Leave out what may not be given to them. “Photograph *x* #panic()”: it is not disclosed to them; "
        "“Report”: it may not go out before it is scanned and clean."
    )
    scanned(session, case)
    assert [part.document.title for part in ask(case, {"Report", "Note"}, **theirs).parts] == [
        "Report",
        "Note",
    ]


def test_the_complainant_is_given_what_was_shown_to_them_alone(session, case, ask):
    scanned(session, case)
    seen_by_complainant(by_title(case)["Report"])
    session.flush()

    with pytest.raises(RuleBroken, match="“Note”: it is not disclosed to them"):
        ask(case, {"Report", "Note"}, whom=Whom.COMPLAINANT)

    assert ask(case, {"Report"}, whom=Whom.COMPLAINANT).told_for == "The complainant"


def test_an_infected_file_and_an_image_of_somebody_else_are_in_no_bundle(session, case, ask):
    from app.imaging.models import ImagingStudy, Whose

    titles = by_title(case)
    quarantines = {q.document_id: q for q in session.scalars(select(Quarantine))}
    quarantines[titles["Note"].id].state = Safety.INFECTED
    study = session.scalars(select(ImagingStudy)).one()
    study.whose, study.decided_at, study.decided_by = Whose.ANOTHER, clock.now(), case.owner
    session.flush()

    with pytest.raises(RuleBroken) as refused:
        ask(case)

    assert str(refused.value) == (
        "Leave out what may not be given to them. “CT image”: it is an image that is, or may be, of somebody else; "
        "“Note”: a virus was found in it."
    )


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"documents": []}, "Select at least one document."),
        ({"documents": ["0" * 32]}, "Select at least one document."),
        ({"titles": {"CT image"}}, "None of these has pages."),
        ({"whom": Whom.ORGANISATION}, "Select which organisation it is for"),
    ],
)
def test_what_makes_no_bundle_is_refused(case, ask, given, why):
    with pytest.raises(RuleBroken, match=why):
        ask(case, **given)


def test_two_bundles_at_a_time_and_only_by_whoever_may_disclose(session, make, case, ask):
    ask(case)
    ask(case)

    with pytest.raises(RuleBroken, match="2 of your bundles are still being made"):
        ask(case)
    with pytest.raises(NotPermitted):
        actions.ask_for(
            session,
            case,
            actor=make.account(Role.LIAISON),
            whom=Whom.ADVISER,
            organisation=None,
            because="x",
            documents=[],
        )


def test_what_was_withdrawn_meanwhile_stops_the_bundle_with_its_name(session, case, ask, bind):
    bundle = ask(case)
    withdraw(session, by_title(case)["Note"], actor=case.owner, reasons="Not ours.")

    bind()

    assert (bundle.state.value, bundle.problem, bundle.sha256) == (
        "failed",
        "It may not be given to them any more. “Note”: it was withdrawn.",
        None,
    )


def test_what_is_withdrawn_while_the_bundle_is_made_is_not_kept_in_it(monkeypatch, session, case, ask, bind):
    bundle, bound = ask(case), bundling._bound

    def withdrawn_first(*arguments):
        withdraw(session, by_title(case)["Note"], actor=case.owner, reasons="Not ours.")
        session.commit()
        return bound(*arguments)

    monkeypatch.setattr(bundling, "_bound", withdrawn_first)
    bind()

    assert (bundle.state.value, bundle.sha256) == ("failed", None)
    assert bundle.problem == "It may not be given to them any more. “Note”: it was withdrawn."


def test_a_document_that_cannot_be_read_stops_the_bundle_with_its_name(monkeypatch, case, ask, bind):
    bundle = ask(case)
    monkeypatch.setattr(bundling, "MOST_PAGES", 2)

    bind()

    assert (
        bundle.problem
        == "“Report” cannot be bound. It has 2 pages; there is room for 1. Leave it out, or mend it."
    )


def test_the_record_says_who_made_which_documents_for_whom(app, session, case, ask, bind):
    bundle = ask(case, {"Report"})

    bind()

    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "bundle.made")).one()
    assert entry.actor == case.owner
    assert entry.detail["documents"] == [["Report", by_title(case)["Report"].sha256]]
    assert entry.detail["sha256"] == bundle.sha256
    message = session.scalars(select(Message).where(Message.subject == "Your bundle is ready")).one()
    assert message.address == case.owner.email


def test_a_bundle_is_gone_after_two_days(app, session, case, ask, bind):
    bundle = ask(case)
    bind()
    bundle.expires_at = clock.now() - timedelta(seconds=1)
    session.commit()

    needed = actions.expire(session)

    session.refresh(bundle)
    assert (needed, bundle.is_there, bundle.has_expired) == (frozenset(), False, True)


def test_it_is_asked_for_and_taken_away_on_pages_by_its_maker_alone(app, session, reader, case, bind):
    at = f"/cases/{case.reference}/bundles/"

    form = case.client.get(f"{at}new").text
    report = by_title(case)["Report"].key
    sent = case.client.post(
        f"{at}new",
        data={"whom": "adviser", "because": "To advise", "documents": [report], "submission": "0" * 32},
    )
    bind()

    assert (form.count(" checked"), "CT image (supplied separately)" in form) == (4, True)
    assert sent.location == at
    assert "To advise" in case.client.get(at).text
    bundle = session.scalars(select(Bundle)).one()
    with case.client.get(f"{at}{bundle.key}/download") as answer:
        assert answer.data.startswith(b"%PDF-")
        assert answer.headers["Content-Disposition"] == f"attachment; filename={case.reference}-bundle-1.pdf"
    colleague, _account = reader(Role.MANAGER)
    assert "Download" not in colleague.get(at).text
    assert colleague.get(f"{at}{bundle.key}/download").status_code == 404


def test_a_refusal_comes_back_with_what_was_typed(session, case):
    at = f"/cases/{case.reference}/bundles/new?for=complainant"

    page = case.client.post(at, data={"whom": "complainant", "because": "Kept.", "documents": ["x"]}).text

    assert "Select at least one document." in page
    assert "Kept.</textarea>" in page
    assert "4 documents may not be given to them" in page
    assert session.scalars(select(Bundle)).all() == []
