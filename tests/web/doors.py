"""Every form of the service, with somebody who may send it, and what may be put into its fields."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account, AccountSession, KnownDevice, Role
from app.allocation.models import BulkAllocation
from app.caseload.models import SavedFilter
from app.cases.models import Case
from app.complaints.models import Complaint, OrganisationToMatch
from app.concerns.models import Concern, ConcernReader
from app.contacts.models import Contact
from app.core import clock
from app.delegations.models import Delegation
from app.doubles.models import PersonMerge
from app.drafts.models import Draft
from app.duties.models import Absence, Conflict
from app.enquiries.models import Enquiry
from app.evidence.models import Disclosure, Document, EvidenceLink
from app.exports.models import Export
from app.factors.models import Passkey
from app.findings.models import FindingEvidence
from app.imaging.models import ImagingStudy
from app.lineage.models import Merge, Succession
from app.messages.models import HospitalMessage
from app.models import Model
from app.organisations.models import Organisation
from app.people.models import Adjustment, Person, Vulnerability
from app.policy import GRANTS, Permission
from app.receiving.models import Delivery, Upload
from app.recommendations.models import Recommendation
from app.risk.models import Alert
from app.teams.models import Membership, Team
from app.web.forms import CaseworkForm, Part
from tests.web import MANAGER, WHO, Form, Visitor, undone

#: What is put into a field, by what it is.
BAD = {
    "nothing": b"",
    "blanks": b" \t\r\n ",
    "NUL": b"\x00",
    "NUL within": b"A\x00B\x1b[31m\x7f",
    "a lone surrogate": b"A\xed\xa0\x80B\xed\xbf\xbf",
    "bytes that are no text": b"\xff\xfe\xc0\xaf\x80",
    "emoji": "👩🏽‍⚕️🏴󠁧󠁢󠁥󠁮󠁧󠁿".encode() * 9,
    "right to left": "\u202e\u200fمحمد العلي\u202c\u2066".encode(),
    "one letter, many marks": b"Z" + "\u0351\u0363".encode() * 99,
    "what grows when composed": "\ufdfa\u0958\ufb2c\u1d160".encode() * 25,
    "a huge number": b"9" * 30,
    "a number of 5,000 figures": b"9" * 5000,
    "5,000 hours": b"9" * 5000 + b":00",
    "below nought": b"-2147483649",
    "beyond a column": b"9223372036854775808",
    "no number": b"NaN",
    "other figures": "٣²１Ⅻ".encode(),
    "the year nought": b"0000",
    "the year 9999": b"9999",
    "SQL": b"' OR 1=1; --",
    "wildcards": b"%_\\%[a-z]*",
    "markup": b"</textarea><script>alert(1)</script>{{7*7}}{% raw %}",
    "a path": b"../../../../etc/passwd",
    "a list": b'["a", {"b": null}]',
}
MEGABYTE = b"Wort " * 200_000


def fields_known() -> set[str]:
    """Every name a field of any form has, as it is sent."""
    names, waiting = set(), [CaseworkForm, Part]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        for name in dir(kind):
            unbound = getattr(kind, name, None)
            if hasattr(unbound, "field_class"):
                day = unbound.field_class.__name__ == "DayField"
                names |= {f"{name}-{part}" for part in ("day", "month", "year")} if day else {name}
    return names


def columns_known() -> set[str]:
    return {column.name for table in Model.metadata.sorted_tables for column in table.columns}


class Doors:
    """Every form of the service, each with somebody who may send it and a record it can be sent for."""

    def __init__(self, app, connection) -> None:
        self.app, self.connection = app, connection
        self.visitors = {email: Visitor(app, email) for emails in WHO.values() for email in emails}
        self.records = list(self._records())
        # The mark on a route is read from the view itself, so a new route is tried unasked.
        self.rules = [
            rule
            for rule in app.url_map.iter_rules()
            if "POST" in rule.methods and rule.endpoint not in WAYS_IN
        ]

    #: What was found once holds for the other tests: each is undone.
    found: ClassVar[dict[str, tuple]] = {}

    def __iter__(self):
        return self.part(0, 1)

    def part(self, part: int, parts: int):
        """Every so many-th form, so that each is in one part."""
        for rule in sorted(self.rules, key=lambda rule: rule.endpoint)[part::parts]:
            if rule.endpoint not in self.found:
                visitor, *form = self._best(rule)
                self.found[rule.endpoint] = visitor.email, *form
            email, *form = self.found[rule.endpoint]
            yield rule.endpoint, self.visitors[email], *form

    def _best(self, rule):
        """The first way in whose form is accepted when filled in sensibly, else the first that is drawn."""
        drawn, tries = None, 0
        for visitor, path in self._ways(rule):
            looked = self.connection.begin_nested()  # PostgreSQL remembers what each look leaves in the log
            page = visitor.open(path) if "GET" in rule.methods else None
            looked.rollback()
            if page is not None and page.status_code != 200:
                continue
            form = Form(page.text if page else "")
            fields = [(name, value) for name, value in form.fields if name != "csrf_token"]
            files = [(name, "a.txt", b"Words") for name in form.files]
            with undone(self.connection):
                status = sent(visitor, path, fields, files).status_code
            if status == 302:
                return visitor, path, fields, files
            if status in NOT_THERE:  # whatever was sent here would be answered alike
                continue
            drawn, tries = drawn or (visitor, path, fields, files), tries + 1
            if tries == ENOUGH:
                break
        assert drawn, f"{rule.endpoint} is never there for anybody in the demonstration office"
        return drawn

    def _ways(self, rule):
        """Every address of the form with everybody who may send it."""
        access = self.app.view_functions[rule.endpoint].access
        roles = [r for r in Role if not isinstance(access, Permission) or access in GRANTS[r]]
        visitors = [self.visitors[email] for role in roles for email in WHO[role]]
        tried = set()
        for record in self.records:
            if not rule.arguments <= set(record):
                continue
            path = rule.build({name: record[name] for name in rule.arguments})[1]
            if record.get("organisation") and rule.endpoint in CHOSEN:
                path += f"?organisation={record['organisation']}"
            if path in tried:
                continue
            tried.add(path)
            yield from ((visitor, path) for visitor in visitors)

    def _records(self):
        """What may stand in an address, the rarest first."""
        with Session(self.connection, join_transaction_mode="create_savepoint") as session:
            codes = session.scalars(select(Organisation.code).order_by(Organisation.id)).all()
            common = {
                "sheet": "caseload",
                "number": 1,
                "letter": "J",
                "party": 1,
                "issue": 1,
                "waiting": 1,
                "submission": 1,
                "item": 1,
                "step": 1,
                "answer": 1,
            }
            common["organisation"] = codes[-1]
            common["page"], common["mark"] = 1, "0" * 32
            common["other"] = session.scalars(select(Person.key).order_by(Person.id)).first()
            for disclosure in session.scalars(select(Disclosure).order_by(Disclosure.id)):
                document = disclosure.document
                yield {
                    "key": document.key,
                    "reference": document.case.reference,
                    "code": disclosure.organisation.code,
                }
            yield from _what_is_somebodys_own(session)
            yield from _links_that_stand_alone(session)
            delivery = session.scalars(select(Delivery).order_by(Delivery.id)).first()
            yield {"key": delivery.key, "reference": delivery.case.reference}
            upload = Upload(
                case_id=delivery.case_id,
                delivery=delivery,
                account=delivery.added_by,
                filename="a.txt",
                place="a.txt",
                media_type="text/plain",
                size=5,
                arriving="0" * 32,
            )
            session.add(upload)
            session.commit()  # no file is on its way in the demonstration office
            yield {"key": upload.key, "reference": delivery.case.reference, "number": 0}
            study = ImagingStudy(case_id=delivery.case_id, told_apart="0" * 64)
            session.add(study)
            session.commit()  # the demonstration office has no images
            yield {**common, "key": study.key, "reference": delivery.case.reference}
            message = session.scalars(select(HospitalMessage)).first()
            yield {**common, "key": message.key, "reference": message.case.reference}
            for recommendation in session.scalars(select(Recommendation).order_by(Recommendation.id)):
                yield {**common, "number": recommendation.number, "reference": recommendation.case.reference}
            for document in session.scalars(select(Document).order_by(Document.id)):
                yield {**common, "key": document.key, "reference": document.case.reference}
            for reference in session.scalars(select(Complaint.reference).order_by(Complaint.id)):
                yield {**common, "reference": reference, "code": codes[0]}
            if not session.scalars(select(OrganisationToMatch)).first():
                complaint = session.scalars(select(Complaint).order_by(Complaint.id)).first()
                session.add(OrganisationToMatch(id=1, complaint=complaint, words="Some hospital"))
                session.commit()  # only a complaint that is loaded from a file has such a row
            for row in session.scalars(select(OrganisationToMatch)):
                yield {**common, "waiting": row.id, "reference": row.complaint.reference}
            yield from ({"code": code, "number": 1, "organisation": codes[-1]} for code in reversed(codes))
            yield from ({"reference": each} for each in session.scalars(select(Enquiry.reference)))
            members = session.scalars(select(Membership))
            yield from ({"key": one.team.key, "person": one.account.key} for one in members)
            yield from ({**common, **row} for row in _rows_of_people(session))
            named = select(Concern.key, Account.key).join(Concern.readers).join(ConcernReader.account)
            yield from ({"key": key, "account": account} for key, account in session.execute(named))
            for keys in (
                select(Account.key),
                select(Conflict.key),
                select(Absence.key),
                select(Alert.key),
                select(Concern.key),
                select(Succession.key),
                select(Merge.key),
                select(Contact.key),
                select(BulkAllocation.key),
                select(Delegation.key),
                select(Team.key),
            ):
                yield from ({**common, "key": each} for each in session.scalars(keys))
            # Last, as only of a list there is a version 0.
            yield {"listing": "failures", "row": "J9", "number": 0, "earlier": 0}
            yield {"listing": "severity", "row": "2", "number": 0, "earlier": 0}


def _what_is_somebodys_own(session):
    """What nobody in the demonstration office has, and only whoever has it may let go of."""
    owner = session.scalars(select(Account).where(Account.email == MANAGER)).one()
    draft = {"account_id": owner.id, "form": "complaints.log", "address": "/complaints/new", "answers": []}
    own = [
        SavedFilter(account=owner, name="Mine", query="owner=me"),
        Draft(key="1" * 32, **draft),
        Draft(key="2" * 32, thrown_away_at=clock.now(), **draft),
        Export(account=owner, sheet="caseload", query=""),
    ]
    passkey = Passkey(account=owner, name="Stick", credential="AAAA", public_key="AAAA", sign_count=0)
    device = KnownDevice(account_id=owner.id, token_hash="0" * 64)
    session.add_all([*own, passkey, device])
    session.commit()
    yield from ({"key": row.key} for row in own)
    signed_in = select(AccountSession).where(AccountSession.account_id == owner.id)
    here = session.scalars(signed_in.order_by(AccountSession.id.desc())).first()
    yield from ({"number": row.id} for row in (passkey, device, here))


def _links_that_stand_alone(session):
    """Links that no finding rests on, by their own numbers."""
    resting = select(FindingEvidence.link_id)
    alone = select(EvidenceLink.id, Complaint.reference).join(EvidenceLink.document)
    alone = alone.join(Document.case).join(Case.complaint).where(EvidenceLink.id.not_in(resting))
    rows = session.execute(alone.order_by(EvidenceLink.id).limit(2)).all()
    yield from ({"number": number, "reference": reference} for number, reference in rows)


def _rows_of_people(session):
    """What of a person has a number of its own in an address."""
    for name, owner, table in (
        ("adjustment", Adjustment.person_id, Adjustment),
        ("flag", Vulnerability.person_id, Vulnerability),
        ("merged", PersonMerge.survivor_id, PersonMerge),
    ):
        rows = session.execute(select(Person.key, table.id).join(Person, Person.id == owner))
        yield from ({"key": key, name: number} for key, number in rows)


#: Forms on the way in, which nobody who is signed in is shown: tried in tests/accounts and tests/factors. And
#: those that are shown only to whoever has begun a form for the public: tried in tests/front_door.
WAYS_IN = {
    "static",
    "accounts.sign_in",
    "accounts.choose_password",
    "factors.ask",
    "factors.sign_in",
    "front_door.check",
    "front_door.come_back",
}
NOT_THERE = frozenset({403, 404, 405})
#: A form that so many records refuse is tried as it is refused.
ENOUGH = 5
#: Forms that are about the organisation in their address.
CHOSEN = {
    "allegations.make",
    "cases.correct_organisation",
    "complaints.match",
    "duties.declare_organisation",
    "lineage.merge",
    "lineage.record",
}


def sent(visitor, path, fields, files=None, **more):
    return visitor.post(path, [("csrf_token", visitor.token.encode()), *fields], files, **more)
