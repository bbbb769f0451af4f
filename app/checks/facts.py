"""What the rules compute for the initial check of an allegation. They decide nothing: a person does.

Each function reads one allegation and gives the facts one test is answered from, with the rule and the
calendar that gave them. `is_met` is what follows from the dates alone, None where nothing does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.allegations.models import Allegation
from app.audit.events import plain
from app.complaints.models import Complaint
from app.consents.rights import Right, actors_in
from app.core import calendar, clock
from app.organisations.models import Coverage, Organisation, Source
from app.reference.lists import clocks, legal_tests, version_of
from app.reference.rows import LegalTest

MAKING, REFERRAL, PROVIDER_GONE, LOCAL = "making", "referral", "provider_gone", "local_resolution"
REPRESENTATION = "representation"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What was computed, by which rule of which version of the list, on which calendar."""

    rule: str
    list_version: str
    calendar: str

    @property
    def is_met(self) -> bool | None:
        return None

    @property
    def kept(self) -> dict[str, Any]:
        """The facts as they are kept with an answer or a decision."""
        return {name: plain(value) for name, value in asdict(self).items()}

    def are(self, kept: dict[str, Any]) -> bool:
        """Whether these are the facts that were kept, by whichever version of the rules and the calendar."""
        return _substance(kept) == _substance(self.kept)

    def have_ripened_since(self, kept: dict[str, Any]) -> bool:  # noqa: ARG002 (for those that ripen)
        """Whether by now a refusal would have to be thought over, though no date was changed."""
        return False


@dataclass(frozen=True, kw_only=True)
class Limit(Facts):
    """A last day, and how many days after it something was done: 0 if it was done in time.

    Without the day it is counted from there is no last day.
    """

    made_on: date
    last_day: date | None
    days_late: int | None

    @property
    def is_met(self) -> bool | None:
        return None if self.days_late is None else self.days_late == 0


@dataclass(frozen=True, kw_only=True)
class TimeLimit(Limit):
    """The time limit of s.9(4): made not more than a year after the day the aggrieved had notice."""

    knowledge_on: date | None

    @property
    def is_in_time(self) -> bool | None:
        return self.is_met


@dataclass(frozen=True, kw_only=True)
class Referral(Limit):
    """s.10(3): not after a year beginning with the day the body received the complaint."""

    received_on: date | None


@dataclass(frozen=True, kw_only=True)
class ProviderGone(Limit):
    """s.9(4A), s.9(4B): three years after the last day on which a provider was one for the NHS.

    `has_any_left` is None where nothing is recorded of its arrangements: then it has to be asked.
    `covered_the_event` is of the whole time in which the event may have been, as exactly as that is known.
    """

    has_any_left: bool | None
    ended_on: date | None
    covered_the_event: Coverage | None

    @property
    def is_met(self) -> bool | None:
        return True if self.has_any_left else super().is_met


@dataclass(frozen=True, kw_only=True)
class LocalResolution(Facts):
    """s.4(5): how long the organisation has had the complaint, against the six months it is given.

    `months` counts whole months; `days_since_response` is None before there is a final response.
    """

    complained_on: date | None
    answered_on: date | None
    last_day: date | None
    months: int | None
    is_overdue: bool | None
    days_since_response: int | None

    def have_ripened_since(self, kept: dict[str, Any]) -> bool:
        """Too early is not for ever: the six months may have passed since, without an answer."""
        return bool(self.is_overdue) and kept.get("is_overdue") is False


@dataclass(frozen=True, kw_only=True)
class OtherRemedy(Facts):
    """s.4(1): the legal claims that are recorded, by their numbers. One more opens the question again."""

    claims: list[int]


@dataclass(frozen=True, kw_only=True)
class Standing(Facts):
    """s.9(3): who acts for another, and how their right to stands today; nothing follows by itself.

    `acting` holds a `Right` by the id of the party.
    """

    acting: dict[str, str]

    def right_of(self, party_id: int) -> Right | None:
        """How the right of this party to act stands; None for whoever acts for nobody else."""
        right = self.acting.get(str(party_id))
        return Right(right) if right else None


def time_limit(allegation: Allegation) -> TimeLimit:
    """How the day of knowledge and the day of making stand to each other, by the Act.

    A complaint that the organisation referred counts as made when the organisation received it: s.10.
    """
    known_on = allegation.knowledge_on
    return TimeLimit(**_limit(MAKING, known_on, _made_on(allegation.complaint)), knowledge_on=known_on)


def referral(allegation: Allegation) -> Referral:
    """Whether the organisation referred it in time: the day of its referral is the day this was made to us."""
    complaint = allegation.complaint
    received_on = complaint.body_received_on
    return Referral(**_limit(REFERRAL, received_on, complaint.made_on), received_on=received_on)


def provider_gone(allegation: Allegation) -> ProviderGone:
    """What is known of a provider's arrangements: whether any is left, and the last day if none is.

    What ended with a provider's closing ended on that day.
    """
    provider, made_on = allegation.organisation, _made_on(allegation.complaint)
    ends = [one.last_day for one in provider.arrangements if one.began_on <= made_on] or _closing_of(provider)
    left = any(end is None or end >= made_on for end in ends) if ends else None
    ended_on = max(end for end in ends if end) if ends and not left else None
    return ProviderGone(
        **_limit(PROVIDER_GONE, ended_on, made_on),
        has_any_left=left,
        ended_on=ended_on,
        covered_the_event=provider.coverage(*period) if (period := allegation.event_period) else None,
    )


def _closing_of(provider: Organisation) -> list[date | None]:
    """The last day of a provider without arrangements, if something says it.

    A family health service has often none that is written down: the day it closed stands for the last, and
    that the register lists it as open for that it goes on (s.9(4A)). Of one entered by hand, that no closing
    is known says nothing.
    """
    is_known = provider.closed_on or (provider.source is Source.REGISTER and not provider.missing_since)
    return [provider.closed_on] if provider.is_family_health_service and is_known else []


def other_remedy(allegation: Allegation) -> OtherRemedy:
    """Which legal claims about the same events are recorded: they may be, or have been, another remedy."""
    claims = sorted(one.number for one in allegation.complaint.proceedings if one.is_a_claim)
    by = {"rule": "other_remedy", "list_version": version_of("legal_tests"), "calendar": calendar.version()}
    return OtherRemedy(**by, claims=claims)


def local_resolution(allegation: Allegation) -> LocalResolution:
    """How far the organisation's own procedure has come by today."""
    began, ended, today = allegation.complained_locally_on, allegation.answered_locally_on, clock.today()
    last_day = clocks()[LOCAL].last_day(began) if began else None
    return LocalResolution(
        **_by(LOCAL),
        complained_on=began,
        answered_on=ended,
        last_day=last_day,
        months=calendar.months_between(began, ended or today) if began else None,
        is_overdue=(ended or today) > last_day if last_day else None,
        days_since_response=(today - ended).days if ended else None,
    )


def standing(allegation: Allegation) -> Standing:
    """Who acts for another in the complaint, and whether anything shows by what right."""
    acting = {str(one.party.id): str(one.right) for one in actors_in(allegation.complaint, clock.today())}
    by = {"rule": REPRESENTATION, "list_version": version_of("consents"), "calendar": calendar.version()}
    return Standing(**by, acting=acting)


#: Which facts each test is answered from. A test that is not here is answered from the papers.
FACTS: dict[str, Callable[[Allegation], Facts]] = {
    "standing": standing,
    "time": time_limit,
    "provider_gone": provider_gone,
    "referral": referral,
    "exhausted": local_resolution,
    "other_remedy": other_remedy,
}

_APPLIES: dict[str, Callable[[Allegation], bool]] = {
    "all": lambda _allegation: True,
    "referred": lambda allegation: allegation.complaint.was_referred,
    "providers": lambda allegation: allegation.organisation.is_provider,
}


def tests_of(allegation: Allegation) -> list[LegalTest]:
    """The tests that are asked of this allegation, in order."""
    return [test for test in legal_tests().values() if _APPLIES[test.applies](allegation)]


def facts_of(allegation: Allegation) -> dict[str, Facts]:
    """What is computed for the tests of this allegation, by test."""
    return {test.id: FACTS[test.id](allegation) for test in tests_of(allegation) if test.id in FACTS}


def _substance(kept: dict[str, Any]) -> dict[str, Any]:
    """What an answer rests on: not the version that computed it, nor how many days have gone by since."""
    passing = {"list_version", "calendar", "months", "is_overdue", "days_since_response"}
    lasting = {name: value for name, value in kept.items() if name not in passing}
    if isinstance(covered := lasting.get("covered_the_event"), bool):  # as it was kept at first
        lasting["covered_the_event"] = plain(Coverage.WHOLE if covered else Coverage.NOT)
    return lasting


def _made_on(complaint: Complaint) -> date:
    """When it was made, for the year of s.9(4): when the organisation had it that referred it, by s.10(5)."""
    return (complaint.was_referred and complaint.body_received_on) or complaint.made_on


def _by(rule: str) -> dict[str, str]:
    return {"rule": rule, "list_version": version_of("clocks"), "calendar": calendar.version()}


def _limit(rule: str, counted_from: date | None, done_on: date) -> dict[str, Any]:
    last_day = clocks()[rule].last_day(counted_from) if counted_from else None
    days_late = max(0, (done_on - last_day).days) if last_day else None
    return {**_by(rule), "made_on": done_on, "last_day": last_day, "days_late": days_late}
