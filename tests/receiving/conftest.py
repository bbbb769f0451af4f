from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from app.accounts.models import Account, Role
from app.cases.models import Case, CaseStage
from app.core import clock
from app.evidence.models import CopyKind, Supplier, Way
from app.receiving import actions, arriving
from app.receiving.models import Delivery

PART = 1000


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(arriving, "PART", PART)


@dataclass
class Sender:
    """Somebody who sends files to a delivery as our script does."""

    client: FlaskClient
    account: Account
    case: Case
    delivery: Delivery

    @property
    def address(self) -> str:
        return f"/cases/{self.case.reference}/deliveries"

    def announce(self, place="scan.dcm", size=2500, **more):
        told = {"place": place, "bytes": size, "type": "application/dicom", "modified": "1", **more}
        return self.client.post(f"{self.address}/{self.delivery.key}/uploads", data=told)

    def part(self, key: str, number: int, content: bytes):
        return self.client.post(
            f"{self.address}/uploads/{key}/parts/{number}",
            input_stream=io.BytesIO(content),
            content_length=len(content),
            content_type="application/octet-stream",
        )

    def asked(self, key: str):
        return self.client.get(f"{self.address}/uploads/{key}").json

    def send(self, content: bytes, **announced):
        """Announce it and send every part; what was said of the last."""
        said = self.announce(size=len(content), **announced).json
        for number in range(-(-len(content) // PART)):
            said = self.part(said["key"], number, content[number * PART : (number + 1) * PART]).json
        return said


def begin(session, case, actor, **given) -> Delivery:
    answers = {
        "label": "Disc “CT chest”",
        "supplier": Supplier.COMPLAINANT,
        "supplied_on": clock.today(),
        "way": Way.DISC,
        "copy_kind": CopyKind.COPY,
    }
    return actions.begin(session, case, actor=actor, **answers | given)


@pytest.fixture
def sender(session, make, reader) -> Sender:
    client, account = reader(Role.INVESTIGATOR)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False, owner=account)
    delivery = begin(session, case, account)
    session.commit()
    return Sender(client, account, case, delivery)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
