"""What is done in each act of a scene, with the product's own actions, as a person of the office would."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import cast

from sqlalchemy.orm import Session

from app.allegations import actions as allegations
from app.allegations import coding
from app.allegations.models import Allegation, CheckOutcome, KnowledgeSource
from app.cases.models import Case
from app.checks import actions as checks
from app.complaints import actions as complaints
from app.complaints.models import Channel, Complaint, Part
from app.core import clock
from app.core.files import Files, Kept
from app.demonstration.answered import answered
from app.demonstration.cast import Cast, Station
from app.demonstration.released import released
from app.demonstration.represented import represented
from app.demonstration.stories import PEOPLE, Story
from app.evidence import actions as evidence
from app.evidence.models import CopyKind, Supplier, Way, Weight
from app.findings import actions as findings
from app.findings.actions import Citation
from app.findings.models import Failing, Finding, Injustice
from app.people import actions as people
from app.people.actions import Particulars
from app.people.models import AdjustmentKind, ContactWay
from app.receiving import actions as receiving
from app.receiving.models import Unit
from app.recommendations import actions as recommendations
from app.recommendations.models import RecommendationKind

#: What complainants of the demonstration office need, by the number of their complaint.
NEEDED = {
    2: (AdjustmentKind.LARGE_PRINT, "18 point, on yellow paper"),
    6: (AdjustmentKind.INTERPRETER, "Portuguese"),
    9: (AdjustmentKind.LARGE_PRINT, ""),
}
#: Those who have to be contacted with care.
WITH_CARE = {7}


class Acts:
    """All that happens to one complaint of the demonstration office, if it comes so far."""

    def __init__(
        self,
        session: Session,
        files: Files,
        cast: Cast,
        number: int,
        story: Story,
        station: Station,
        begun: date,
    ) -> None:
        self.session, self.files, self.cast = session, files, cast
        self.number, self.story, self.station, self.begun = number, story, station, begun
        self.complaint: Complaint | None = None
        self.investigator = cast.investigators[number % len(cast.investigators)]
        self.trust = cast.trusts[number % len(cast.trusts)]

    def logged(self) -> Complaint:
        name = PEOPLE[self.number % len(PEOPLE)]
        patient = f"{PEOPLE[(self.number + 7) % len(PEOPLE)].split()[0]} {name.split()[-1]}"
        born = date(1938 + self.number, 1 + self.number % 12, 1 + self.number % 27)
        complaint = complaints.log(
            self.session,
            actor=self.cast.caseworker,
            channel=(Channel.EMAIL, Channel.POST, Channel.WEB, Channel.EMAIL)[self.number % 4],
            received_at=clock.now() - timedelta(minutes=20),
            made_on=clock.today() - timedelta(days=self.number % 4),
            narrative=self.story.narrative,
            wanted=self.story.wanted,
            complainant=Particulars(
                name=name, email=f"writer{self.number}@mail.example", telephone=f"07700 900{self.number:03}"
            ),
            affected=Particulars(name=patient, born_on=born, nhs_number=""),
            basis="Family member" if self.number % 3 else "With written consent",
        )
        self.minded(complaint)
        represented(self.session, self.cast.caseworker, complaint, self.number)
        return complaint

    def minded(self, complaint: Complaint) -> None:
        """A few of those who write need something, or have to be written to with care."""
        [complainant] = complaint.people_as(Part.COMPLAINANT)
        if needed := NEEDED.get(self.number):
            kind, words = needed
            people.agree_adjustment(
                self.session, complainant, actor=self.cast.caseworker, kind=kind, words=words
            )
        if self.number in WITH_CARE:
            people.change_contact(
                self.session,
                complainant,
                actor=self.cast.caseworker,
                contact_by=ContactWay.EMAIL,
                contact_note="Nothing by post: the letters are opened by somebody else.",
                is_unsafe_to_contact=True,
            )

    def allegations_of(self, complaint: Complaint) -> list[Allegation]:
        issue = allegations.record_issue(
            self.session, complaint, actor=self.cast.caseworker, kind=self.story.kind, words=self.story.issue
        )
        against = [self.trust]
        if self.number % 4 == 1:
            against.append(self.cast.others[self.number % len(self.cast.others)])
        late = self.station is Station.REFUSED and self.number % 2
        known_on = complaint.made_on - timedelta(days=500 if late else 120 + self.number)
        return [
            allegations.make_allegation(
                self.session,
                issue,
                actor=self.cast.caseworker,
                organisation=organisation,
                event_on=known_on - timedelta(days=200),
                knowledge_on=known_on,
                knowledge_source=KnowledgeSource.LETTER,
                knowledge_note="Letter from the hospital",
                complained_locally_on=known_on + timedelta(days=20),
                answered_locally_on=None
                if self.station is Station.REFUSED and not late
                else known_on + timedelta(days=80),
                modality=self.story.modality,
            )
            for organisation in against
        ]

    def coded(self, accused: list[Allegation]) -> None:
        for letter in sorted({code[0] for code in self.story.codes}):
            codes = [code for code in self.story.codes if code[0] == letter]
            for allegation in accused:
                coding.code_step(
                    self.session, allegation, actor=self.cast.caseworker, letter=letter, codes=codes
                )

    def refused(self, complaint: Complaint, accused: list[Allegation]) -> Iterator[datetime]:
        late = self.number % 2
        yield self.at(8)
        for allegation in accused:
            answered(self.session, self.cast, allegation, refusing="time" if late else "exhausted")
            checks.decide(
                self.session,
                allegation,
                actor=self.cast.caseworker,
                outcome=CheckOutcome.DECLINE if late else CheckOutcome.SIGNPOST,
                reasons="It was made more than a year after you first knew of it. We asked why, and considered"
                " whether it would be reasonable to look into it all the same; we do not think so."
                if late
                else "The hospital has not answered your complaint yet, and it should have the chance to.",
                signposted_to="" if late else "The hospital’s complaints team",
                back_on=None if late else clock.today() + timedelta(days=56),
            )
        yield self.at(9)
        checks.record_reasons_sent(self.session, complaint, actor=self.cast.caseworker, sent_on=clock.today())
        checks.close_complaint(self.session, complaint, actor=self.cast.caseworker)

    def accepted(self, accused: list[Allegation]) -> None:
        for allegation in accused:
            answered(self.session, self.cast, allegation)
            checks.decide(
                self.session,
                allegation,
                actor=self.cast.caseworker,
                outcome=CheckOutcome.ACCEPT,
                reasons="In time, local resolution is complete, and there are signs of a failing.",
            )

    def evidence_of(self, case: Case, accused: list[Allegation]) -> None:
        for supplier, organisation, title in (
            (Supplier.ORGANISATION, self.trust, "Imaging report and audit trail"),
            (Supplier.COMPLAINANT, None, "Letters kept by the family"),
        ):
            document = evidence.receive(
                self.session,
                case,
                actor=self.investigator,
                kept=self.kept(f"{title} in demonstration case {self.number}"),
                filename=f"{title.lower().replace(' ', '-')}.txt",
                media_type="text/plain",
                title=title,
                supplier=supplier,
                organisation=organisation,
                supplied_on=clock.today() - timedelta(days=1),
                copy_kind=CopyKind.COPY,
                pages=3,
            )
            released(self.session, document, manager=self.cast.manager)
            for allegation in accused:
                note, weight, reason = self.borne(allegation, supplier)
                evidence.link(
                    self.session,
                    document,
                    allegation,
                    actor=self.investigator,
                    note=note,
                    page="2",
                    weight=weight,
                    reason=reason,
                )
        receiving.begin(
            self.session,
            case,
            actor=self.investigator,
            label="Disc “CT chest, 2 studies”",
            supplier=Supplier.ORGANISATION,
            organisation=self.trust,
            supplied_on=clock.today() - timedelta(days=1),
            way=Way.DISC,
            copy_kind=CopyKind.COPY,
            declared=2,
            unit=Unit.STUDIES,
        )
        if self.number % 2:
            evidence.disclose(self.session, document, actor=self.investigator, organisation=self.trust)

    def borne(self, allegation: Allegation, supplier: Supplier) -> tuple[str, Weight, str]:
        """What a document shows of an allegation, what that weighs, and why."""
        if supplier is Supplier.COMPLAINANT:
            return (
                "Shows what the family was told, and when.",
                Weight.CONTEXT,
                "It says nothing of the report.",
            )
        note = "Shows when the report was made and who opened it."
        if allegation.organisation is self.trust:
            return note, Weight.SUPPORTS, "The report lay unopened for longer than it should have."
        return note, Weight.CONTRADICTS, "The practice was sent nothing that it could have acted on."

    def found(self, case: Case, accused: list[Allegation]) -> None:
        for allegation in accused:
            is_trust = allegation.organisation is self.trust
            coding.confirm(
                self.session, allegation, actor=self.investigator, codes=self.story.codes if is_trust else ()
            )
            findings.write_finding(
                self.session,
                case,
                allegation,
                actor=self.investigator,
                happened=self.story.happened,
                should_have_happened=self.story.should,
                cited=[Citation(self.story.standard, self.story.clause)],
                gap=self.story.gap if is_trust else "None: it did what was its to do, in time.",
                failing=Failing.IN_FULL if is_trust else Failing.NONE,
                injustice=Injustice.NOT_PUT_RIGHT if is_trust else None,
                injustice_reasons=self.story.injustice if is_trust else "",
                severity=3 + self.number % 3 if is_trust else None,
                rests_on=[link.id for link in allegation.standing_links],
            )
        recommendations.make(
            self.session,
            case,
            actor=self.investigator,
            finding=cast(Finding, accused[0].finding),
            kind=RecommendationKind.SERVICE_IMPROVEMENT,
            action=self.story.action,
            evidence_wanted=self.story.evidence,
            due_on=clock.today() + timedelta(days=95),
            public_text=self.story.public,
        )

    def kept(self, words: str) -> Kept:
        content = (
            f"{words}\n\nThis file belongs to the demonstration office. Nothing in it is real.\n".encode()
        )
        return self.files.keep(BytesIO(content), limit=len(content))

    def at(self, day: int) -> datetime:
        """An instant in office hours of the day so many days after receipt; weekends are done on Friday."""
        on = self.begun + timedelta(days=day)
        too_late = max(0, on.weekday() - 4)
        minutes = self.number * 37 % 240 + too_late * 70
        return clock.instant_of(on - timedelta(days=too_late), time(9 + minutes // 60, minutes % 60))
