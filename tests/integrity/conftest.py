from __future__ import annotations

from io import BytesIO

import pytest

from app.cases.models import CaseStage
from app.core import clock
from app.core.files import LocalFiles
from app.evidence import actions
from app.evidence.models import CopyKind, Supplier


@pytest.fixture
def case(make):
    return make.case(CaseStage.DETAILED_INVESTIGATION, whole=False)


@pytest.fixture
def receive(session, case, tmp_path):
    """Receive this content as a document of the case; `receive.files` is the store."""
    files = LocalFiles(tmp_path / "files")

    def received(content, title="Report", filename="report.pdf"):
        return actions.receive(
            session,
            case,
            actor=case.owner,
            kept=files.keep(BytesIO(content), limit=10_000),
            filename=filename,
            media_type="application/pdf",
            title=title,
            supplier=Supplier.COMPLAINANT,
            supplied_on=clock.today(),
            copy_kind=CopyKind.COPY,
        )

    received.files = files
    return received
