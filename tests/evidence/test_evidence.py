from __future__ import annotations

import hashlib
import os
from io import BytesIO

import pytest

from app.accounts.models import Role
from app.cases.models import CaseStage
from app.core import clock
from app.core import files as storage
from app.core.errors import NotPermitted, RuleBroken
from app.core.files import LocalFiles, TooLarge
from app.evidence import actions, queries
from app.evidence.models import CopyKind, Supplier


@pytest.fixture
def case(make):
    return make.case(CaseStage.DETAILED_INVESTIGATION, whole=False)


def receive(session, case, files, content=b"A report.", **given):
    answers = {
        "kept": files.keep(BytesIO(content), limit=1000),
        "filename": "report.pdf",
        "media_type": "application/pdf",
        "title": "Report",
        "supplier": Supplier.COMPLAINANT,
        "supplied_on": clock.today(),
        "copy_kind": CopyKind.COPY,
    }
    return actions.receive(session, case, actor=case.owner, **answers | given)


def test_a_file_is_kept_byte_for_byte_under_its_hash(tmp_path):
    content = os.urandom(3 * storage.PIECE + 17)
    files = LocalFiles(tmp_path)

    kept = files.keep(BytesIO(content), limit=len(content))

    assert (kept.sha256, kept.size) == (hashlib.sha256(content).hexdigest(), len(content))
    with files.open(kept.sha256) as stored:
        assert stored.read() == content
    assert files.digest(kept.sha256) == kept.sha256
    assert [*(tmp_path / "arriving").iterdir()] == []


def test_a_file_over_the_limit_leaves_nothing_behind(tmp_path):
    with pytest.raises(TooLarge):
        LocalFiles(tmp_path).keep(BytesIO(b"x" * 11), limit=10)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_is_on_the_disk_before_its_name_is(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(os, "fsync", lambda _handle: done.append("fsync"))
    rename = storage.Path.rename
    monkeypatch.setattr(storage.Path, "rename", lambda path, to: (done.append("rename"), rename(path, to))[1])
    files = LocalFiles(tmp_path)
    files.keep(BytesIO(b"first"), limit=99)
    done.clear()

    files.keep(BytesIO(b"first"), limit=99)

    assert done == ["fsync", "rename", "fsync"]


@pytest.mark.parametrize("name", ["../secret", "0" * 63, "g" * 64, "", "0" * 64 + "/.."])
def test_no_name_but_a_hash_opens_a_file(tmp_path, name):
    (tmp_path / "secret").write_text("secret")

    with pytest.raises(FileNotFoundError):
        LocalFiles(tmp_path).open(name)


def test_the_same_content_twice_is_recognised(session, case, tmp_path):
    files = LocalFiles(tmp_path)
    first, second = receive(session, case, files), receive(session, case, files, filename="again.pdf")

    assert queries.same_content(session, second) == [first]


def test_a_document_says_who_supplied_it_and_is_shown_to_whoever_did(session, case, tmp_path):
    [party] = actions.parties_of(case)
    files = LocalFiles(tmp_path)

    document = receive(session, case, files, supplier=Supplier.ORGANISATION, organisation=party)

    assert document.is_disclosed_to(party.id)
    with pytest.raises(RuleBroken, match="if one did"):
        receive(session, case, files, supplier=Supplier.ORGANISATION)
    with pytest.raises(RuleBroken, match="supplied this document itself"):
        actions.withdraw_disclosure(session, document, actor=case.owner, organisation=party)


def test_a_document_is_disclosed_to_parties_only_and_withdrawn(session, make, case, tmp_path):
    [party] = actions.parties_of(case)
    document = receive(session, case, LocalFiles(tmp_path))
    actions.disclose(session, document, actor=case.owner, organisation=party)
    assert document.is_disclosed_to(party.id)

    actions.withdraw_disclosure(session, document, actor=case.owner, organisation=party)

    assert not document.is_disclosed_to(party.id)
    with pytest.raises(RuleBroken, match="party to this case"):
        actions.disclose(session, document, actor=case.owner, organisation=make.organisation())
    with pytest.raises(NotPermitted):
        actions.disclose(session, document, actor=make.account(Role.CASEWORKER), organisation=party)


def test_a_page_is_linked_to_an_allegation_once(session, make, case, tmp_path):
    document, [allegation] = receive(session, case, LocalFiles(tmp_path)), case.allegations
    actions.link(session, document, allegation, actor=case.owner, note="Shows it.", page="2")

    with pytest.raises(RuleBroken, match="linked to that allegation already"):
        actions.link(session, document, allegation, actor=case.owner, note="Again.", page="2")
    with pytest.raises(RuleBroken, match="of this case"):
        actions.link(session, document, make.case().allegations[0], actor=case.owner, note="Elsewhere.")
