from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.cases.models import Case
from app.core.errors import NotFound, NotPermitted, RuleBroken
from app.core.work import WorkState
from app.evidence.actions import parties_of
from app.evidence.models import Document
from app.examining.models import Examination
from app.imaging.identity import Compared, Likeness, Patient, compare
from app.imaging.models import ImagingStudy, Whose
from app.messages.models import HospitalMessage, ProposedRow
from app.organisations.models import Organisation
from app.timeline.models import Row, Study

#: How many messages, and how many files that are none, the page of a case shows.
MOST_SHOWN = 100
HELD = (
    "This message is held: its patient differs from the person this case is about. Decide first whose it is."
)
ANOTHERS = "This message is about somebody else, as was decided. It goes to nobody outside."


@dataclass(frozen=True)
class Told:
    """A message, what its patient is to the person affected, and the images of the case it is about."""

    message: HospitalMessage
    compared: Compared
    images: Sequence[ImagingStudy] = ()

    @property
    def is_held(self) -> bool:
        """Whether it waits for somebody to decide whose it is."""
        return self.message.whose is None and self.compared.likeness is Likeness.DIFFERS

    @property
    def may_be_accepted(self) -> bool:
        return not self.is_held and self.message.whose is not Whose.ANOTHER

    @property
    def refusal(self) -> str:
        return HELD if self.is_held else ANOTHERS


@dataclass(frozen=True)
class Suggested:
    """What a form to accept rows is drawn with. A name only where no examination of the timeline is meant."""

    study: Study | None
    study_name: str
    organisation: Organisation | None
    body: str


def told(message: HospitalMessage, images: Sequence[ImagingStudy] = ()) -> Told:
    unsaid = [each["number"] for each in message.patient_numbers if not each["authority"]]
    numbers = [message.nhs_number] if message.nhs_number else unsaid
    patient = Patient(message.patient_name, numbers, message.born_on)
    theirs = [
        study
        for study in images
        if (study.uid and study.uid == message.study_uid)
        or (study.accession_number and study.accession_number in message.examination_numbers)
    ]
    return Told(message, compare(patient, message.case.complaint), theirs)


def of_case(session: Session, case: Case) -> list[Told]:
    """The messages of a case in the order in which they came, with the rows they propose."""
    found = select(HospitalMessage).where(HospitalMessage.case_id == case.id)
    found = found.options(
        joinedload(HospitalMessage.document),
        joinedload(HospitalMessage.decided_by),
        joinedload(HospitalMessage.repeats).joinedload(HospitalMessage.document),
        joinedload(HospitalMessage.contradicts).joinedload(HospitalMessage.document),
        selectinload(HospitalMessage.proposals).options(
            joinedload(ProposedRow.decided_by), joinedload(ProposedRow.row)
        ),
    )
    images = session.scalars(
        select(ImagingStudy)
        .where(ImagingStudy.case_id == case.id)
        .order_by(ImagingStudy.id)
        .limit(MOST_SHOWN)
    ).all()
    messages = session.scalars(found.order_by(HospitalMessage.id).limit(MOST_SHOWN))
    return [told(message, images) for message in messages]


def refused(session: Session, case: Case) -> Sequence[Examination]:
    """The files of a case that are messages and could not be read: each says why."""
    found = select(Examination).join(Examination.document).options(joinedload(Examination.document))
    found = found.where(
        Document.case_id == case.id, Examination.kind == "message", Examination.state == WorkState.FAILED
    )
    return session.scalars(found.order_by(Examination.id).limit(MOST_SHOWN)).all()


def in_case(session: Session, case: Case, key: str) -> Told:
    """The message of that key in the case. Raises `NotFound`."""
    message = session.scalar(
        select(HospitalMessage).where(HospitalMessage.case_id == case.id, HospitalMessage.key == key)
    )
    if message is None:
        raise NotFound("There is no such message in this case.")
    return told(message)


def proposal_numbered(told: Told, number: int) -> ProposedRow:
    """The row of that number that the message proposes. Raises `NotFound`."""
    found = next((one for one in told.message.proposals if one.number == number), None)
    if found is None:
        raise NotFound("This message proposes no row of that number.")
    return found


def of_document(session: Session, document: Document) -> Sequence[HospitalMessage]:
    """The messages that were read from a document, if any were."""
    theirs = select(HospitalMessage).where(HospitalMessage.document_id == document.id)
    return session.scalars(theirs.order_by(HospitalMessage.number).limit(MOST_SHOWN)).all()


def require_to_go_out(session: Session, document: Document) -> None:
    """Raises `NotPermitted`, with a word for people outside, if a message is held or is about somebody else."""
    if not all(told(message).may_be_accepted for message in of_document(session, document)):
        raise NotPermitted(
            "The office is looking whom this message is about, so it is not given out now. Ask the office."
        )


def require_settled(session: Session, document: Document) -> None:
    """Raises `RuleBroken` if the document has a message whose patient is, or may be, somebody else."""
    for message in of_document(session, document):
        if not (found := told(message)).may_be_accepted:
            raise RuleBroken(found.refusal)


def came_before(
    session: Session, case: Case, *, sender: str, control_id: str, digest: str
) -> Sequence[HospitalMessage]:
    """Earlier messages of the case that carry the same number of the same sender, or say the very same."""
    same = HospitalMessage.digest == digest
    if control_id:
        numbered = (HospitalMessage.sender == sender) & (HospitalMessage.control_id == control_id)
        same = or_(same, numbered)
    found = select(HospitalMessage).where(HospitalMessage.case_id == case.id, same)
    return session.scalars(found.order_by(HospitalMessage.id).limit(MOST_SHOWN)).all()


def suggested(session: Session, message: HospitalMessage) -> Suggested:
    """What rows of this message are likely to belong to: the examination that its earlier rows, or those of other
    messages about the same order, were accepted for; the organisation that sent it, or that supplied the document.
    """
    parties = parties_of(message.case)
    body = message.sender.rpartition(", ")[2]
    by_code = next((party for party in parties if party.code == body), None)
    organisation = by_code or message.document.supplied_by_organisation
    study = _study_of(session, message)
    name = (
        "" if study else ", ".join(filter(None, (message.about, organisation.name if organisation else body)))
    )
    return Suggested(study, name, organisation, "" if organisation else body)


def _study_of(session: Session, message: HospitalMessage) -> Study | None:
    accepted = select(Study, HospitalMessage).join(Row, Row.study_id == Study.id)
    accepted = accepted.join(ProposedRow, ProposedRow.row_id == Row.id).join(ProposedRow.message)
    accepted = accepted.where(HospitalMessage.case_id == message.case_id).order_by(ProposedRow.id.desc())
    for study, other in session.execute(accepted.limit(MOST_SHOWN)):
        shared = set(other.examination_numbers) & set(message.examination_numbers)
        if other is message or shared or (message.study_uid and other.study_uid == message.study_uid):
            return study
    return None
