"""Every page of the demonstration office answers, whoever may open it."""

from __future__ import annotations

from sqlalchemy import select

from app.accounts.models import Account
from app.allegations.models import Allegation
from app.complaints.models import Complaint
from app.core.files import LocalFiles
from app.demonstration.office import PASSWORD, SIGN_INS, fill
from app.evidence.models import Document
from app.organisations.models import Organisation
from app.recommendations.models import Recommendation


def test_no_page_breaks_for_anybody(app, session, tmp_path):
    app.config["WTF_CSRF_ENABLED"] = False
    app.extensions["files"] = LocalFiles(tmp_path)
    fill(session, app.extensions["files"])
    session.commit()
    complaints = session.scalars(select(Complaint).order_by(Complaint.id)).all()
    keys = {
        "code": session.scalars(select(Organisation.code)).first(),
        "letter": "J",
        "party": 1,
        "issue": 1,
        "number": 1,
        "waiting": 1,
        "submission": 1,
    }
    assert session.scalars(select(Allegation)).first()
    assert session.scalars(select(Recommendation)).first()

    broken = set()
    for email, _what in SIGN_INS:
        client = app.test_client()
        client.post("/sign-in", data={"email": email, "password": PASSWORD})
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint == "static":
                continue
            for complaint in complaints[::3] if "reference" in rule.arguments else complaints[:1]:
                document = complaint.case and next(iter(complaint.case.documents), None)
                key = session.scalars(select(Account.key)).first()
                if rule.endpoint.startswith(("evidence", "portal")):
                    key = document.key if document else session.scalars(select(Document.key)).first()
                values = keys | {"reference": complaint.reference, "key": key}
                path = rule.build({name: values[name] for name in rule.arguments})[1]
                with client.get(path) as answer:
                    status = answer.status_code
                if status not in {200, 302, 403, 404, 409}:
                    broken.add((rule.endpoint, email, status))

    assert broken == set()
