"""How one complaint goes through the office, act by act, as far as its station.

A scene is a generator: it yields the instant of its next act and, when resumed at that instant,
does it. `office.fill` plays all scenes together in the order of time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.allegations.models import Allegation
from app.cases import actions as cases
from app.cases.models import Case, Closure
from app.complaints import actions as complaints
from app.complaints.models import OrganisationToMatch
from app.core import clock
from app.decisions import actions as decisions
from app.demonstration import disc, hospital, timelines
from app.demonstration.acts import Acts
from app.demonstration.cast import Station
from app.demonstration.released import released
from app.recommendations import actions as recommendations
from app.recommendations import answers
from app.recommendations.answers import HandedIn


class Scene(Acts):
    """One complaint of the demonstration office, and the order in which things happen to it."""

    def acts(self) -> Iterator[datetime]:
        """Play the complaint up to its station."""
        yield self.at(0)
        self.complaint = complaint = self.logged()
        yield self.at(1)
        complaints.acknowledge(self.session, complaint, actor=self.cast.caseworker, on=clock.today())
        accused = self.allegations_of(complaint)
        if self.station <= Station.RECEIVED:
            complaint.to_match.append(OrganisationToMatch(words="The infirmary on the hill"))
            return
        yield self.at(4)
        self.coded(accused)
        if self.station <= Station.TO_BE_CHECKED:
            return
        yield self.at(7)
        if self.station is Station.REFUSED:
            yield from self.refused(complaint, accused)
            return
        self.accepted(accused)
        case = cases.open_case(self.session, complaint, actor=self.cast.caseworker)
        yield from self.investigated(case, accused)

    def investigated(self, case: Case, accused: list[Allegation]) -> Iterator[datetime]:
        if self.station <= Station.ACCEPTED:
            return
        yield self.at(14)
        cases.allocate(self.session, case, actor=self.cast.manager, owner=self.investigator)
        if self.station <= Station.ALLOCATED:
            return
        yield self.at(20)
        cases.investigate_in_detail(self.session, case, actor=self.investigator)
        yield self.at(31)
        self.evidence_of(case, accused)
        if self.trust in {allegation.organisation for allegation in accused}:
            timelines.tell(
                self.session, case, actor=self.investigator, trust=self.trust, source=case.documents[0]
            )
        if self.number == hospital.OF:
            disc.put_in(self.session, self.files, case, actor=self.investigator, manager=self.cast.manager)
            hospital.send(
                self.session,
                self.files,
                case,
                actor=self.investigator,
                manager=self.cast.manager,
                trust=accused[0].organisation,
            )
        if self.station <= Station.INVESTIGATED:
            return
        yield self.at(50)
        self.found(case, accused)
        if self.station <= Station.FOUND:
            return
        yield from self.decided(case)

    def decided(self, case: Case) -> Iterator[datetime]:
        yield self.at(55)
        decisions.share_provisional_views(self.session, case, actor=self.investigator, window_days=10)
        if self.station <= Station.SHARED:
            return
        yield self.at(66)
        comment = decisions.record_comment(
            self.session,
            case,
            actor=self.cast.caseworker,
            organisation=self.trust,
            received_on=clock.today(),
            words="We accept what is found. The system was replaced last year and now asks for acknowledgement.",
        )
        if self.station <= Station.COMMENTED:
            return
        yield self.at(72)
        answer = "We have added the replacement to what happened. It does not change the finding."
        decisions.answer_comment(self.session, case, comment, actor=self.investigator, answer=answer)
        yield self.at(82)
        decisions.propose(self.session, case, actor=self.investigator)
        if self.station <= Station.PROPOSED:
            return
        yield self.at(88)
        decisions.approve(self.session, case, actor=self.cast.manager)
        yield from self.complied(case)

    def complied(self, case: Case) -> Iterator[datetime]:
        if self.station <= Station.ISSUED:
            return
        [recommendation] = case.recommendations
        liaison = self.cast.liaisons[self.trust.code]
        yield self.at(95)
        if self.number % 5 == 4 and self.station is Station.AGREED:
            words = "The audit covers a service that we no longer run. We ask that it be addressed to its new provider."
            answers.dispute(self.session, recommendation, actor=liaison, words=words)
            return
        answers.agree(
            self.session, recommendation, actor=liaison, words="The medical director will see to it."
        )
        if self.station <= Station.AGREED:
            return
        yield self.at(110)
        words = "Two of the three months are done. The third ends next week."
        answers.report_progress(self.session, recommendation, actor=liaison, words=words)
        yield self.at(130)
        submission = answers.submit_evidence(
            self.session,
            recommendation,
            actor=liaison,
            claimed_done_on=clock.today() - timedelta(days=3),
            words="What was asked for is attached.",
            files=[
                HandedIn(self.kept(f"Evidence of compliance {self.number}"), "evidence.txt", "text/plain")
            ],
        )
        for submitted in submission.documents:
            released(self.session, submitted.document, manager=self.cast.manager)
        if self.station <= Station.SUBMITTED:
            return
        yield self.at(140)
        recommendations.accept_evidence(
            self.session,
            recommendation,
            actor=self.investigator,
            done_on=recommendation.submissions[-1].claimed_done_on,
            reasons="The files show what was asked for.",
        )
        yield self.at(150)
        reasons = "The decision was issued and its recommendation complied with."
        cases.close(self.session, case, actor=self.cast.manager, closure=Closure.DECIDED, reasons=reasons)
