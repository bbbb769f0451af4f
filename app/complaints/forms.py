from __future__ import annotations

from datetime import datetime, time
from typing import Any

from wtforms import RadioField
from wtforms.validators import InputRequired

from app.complaints.models import Channel, Complaint, Part
from app.core import clock
from app.doubles.forms import WeighingFields, WhoFields
from app.enquiries.models import Enquiry
from app.people.actions import Particulars
from app.people.models import Person
from app.web.drafted import DraftedForm, Kept
from app.web.fields import clock_time, day, email_address, line, one_of, pick, prose
from app.web.forms import CaseworkForm, CreatingForm, EditingForm

#: A complaint is not loaded by hand.
CHANNELS = {channel.value: channel.label for channel in Channel if channel is not Channel.LOADED}
WHO = {
    "themselves": "The complainant themselves",
    "another": "Someone else: the complainant speaks for them",
    "unknown": "The complainant’s name is not known",
}


#: What stands for a time of receipt that is not known: the start of the day, so that no clock runs short.
UNKNOWN = "00:00"


class Received:
    """When and how a complaint reached us: shared by the form that logs it and the one that mends it."""

    channel = pick(
        "How did it reach us?", CHANNELS, coerce=Channel, required="Select how it reached us.", radios=True
    )
    received_on = day(
        "On which day did we receive it?", required="Enter the day it was received.", default=clock.today
    )
    received_time = clock_time(
        "At what time?", hint="As on a clock in London, for example 14:05. Leave empty if it is not known."
    )
    made_on = day(
        "On which day was it made in writing?",
        hint="The day the complaint itself was written or sent. The time limit looks at this day.",
        required="Enter the day it was made in writing.",
        default=clock.today,
    )
    body_received_on = day(
        "If the organisation referred it: when had it received the complaint?",
        hint="It may refer a complaint to us for a year beginning with that day (s.10).",
    )
    narrative = prose(
        "What happened, in the complainant’s words",
        required="Enter what happened.",
        most=100_000,
    )
    wanted = prose("What do they want to happen?", hint="An apology, an explanation, a change, a payment …")


class ReceivedAnswers(CaseworkForm):
    """Reads the day and the time of receipt as one instant on a London clock."""

    @property
    def received_at(self) -> datetime:
        """A day without a time is taken at its start, so that no clock runs short."""
        words = (self["received_time"].data or UNKNOWN).replace(".", ":")
        hours, _, minutes = words.partition(":")
        return clock.instant_of(self["received_on"].data, time(int(hours), int(minutes)))

    def refuse(self, refusal: Any) -> None:
        refusal.field = "received_on" if refusal.field == "received_at" else refusal.field
        super().refuse(refusal)


class LogForm(Received, WeighingFields, DraftedForm, ReceivedAnswers):
    kept_as = Kept(
        "complaints.log", "Log a complaint", words=("narrative", "wanted"), names=("name", "affected_name")
    )

    about = RadioField(
        "Whom is it about?",
        choices=WHO,
        validators=[InputRequired("Select whom it is about.")],
        default="themselves",
    )
    name = line("Complainant’s name", hint="As they write it themselves.")
    email = email_address("E-mail address")
    telephone = line("Telephone", most=40)
    address = prose("Postal address", most=1000)
    basis = line(
        "By what right do they complain for someone else?",
        hint="For example: daughter of a patient who has died; personal representative; with written consent (s.9(3)).",
    )
    affected_name = line("Name of the person affected", hint="Leave empty if it is the complainant.")
    nhs_number = line(
        "NHS number of the person affected", most=20, hint="Ten digits. An unknown number holds nothing up."
    )
    born_on = day("Date of birth of the person affected")
    died_on = day("Date of death, if they have died")

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        wanted = {
            "themselves": {"name": "Enter the complainant’s name."},
            "another": {
                "name": "Enter the complainant’s name.",
                "affected_name": "Enter the name of the person affected.",
                "basis": "Enter by what right they complain for someone else.",
            },
        }.get(self.about.data or "", {})
        for name, sentence in wanted.items():
            if not self[name].data:
                self[name].errors = [*self[name].errors, sentence]
                good = False
        return good

    @property
    def people(self) -> dict[str, Any]:
        """The complainant and the person affected, as `actions.log` takes them."""
        contact = {"email": self.email.data, "telephone": self.telephone.data, "address": self.address.data}
        patient = {
            "nhs_number": self.nhs_number.data,
            "born_on": self.born_on.data,
            "died_on": self.died_on.data,
        }
        match self.about.data:
            case "themselves":
                return {"complainant": Particulars(name=self.name.data, **contact, **patient)}
            case "another":
                return {
                    "complainant": Particulars(name=self.name.data, **contact),
                    "affected": Particulars(name=self.affected_name.data, **patient),
                    "basis": self.basis.data,
                }
        affected = Particulars(name=self.affected_name.data, **patient) if self.affected_name.data else None
        return {"complainant": None, "affected": affected}

    @property
    def answers(self) -> dict[str, Any]:
        return {
            "channel": self.channel.data,
            "received_at": self.received_at,
            "made_on": self.made_on.data,
            "body_received_on": self.body_received_on.data,
            "narrative": self.narrative.data,
            "wanted": self.wanted.data,
            "weighed": self.weighed,
            **self.people,
        }


def logged_from(enquiry: Enquiry) -> dict[str, Any]:
    """What is known already of a complaint that began as an enquiry."""
    channel = Channel.TELEPHONE if enquiry.confirmed_on else None
    person = enquiry.person
    return {
        "channel": channel,
        "made_on": enquiry.confirmed_on or clock.today(),
        "received_on": clock.today(),
        "narrative": enquiry.written or "",
        "name": person.name if person else "",
        "email": person.email if person else "",
        "telephone": person.telephone if person else "",
        "address": person.address if person else "",
    }


class ComplaintForm(Received, EditingForm, ReceivedAnswers):
    """The same facts of receipt, mended later."""

    elsewhere = frozenset({"received_on", "received_time"})

    def __init__(self, complaint: Complaint) -> None:
        self._there = complaint.received_at.astimezone(clock.LONDON)
        at = f"{self._there:%H:%M}"
        drawn = {"received_on": complaint.received_on, "received_time": at if at != UNKNOWN else ""}
        super().__init__(complaint, data=drawn)
        if complaint.channel is Channel.LOADED:
            self.channel.choices = {Channel.LOADED.value: Channel.LOADED.label, **CHANNELS}

    @property
    def received_at(self) -> datetime:
        """The instant there is, to its last second, unless another minute was typed."""
        typed = super().received_at
        return self._there if typed == self._there.replace(second=0, microsecond=0) else typed

    @property
    def answers(self) -> dict[str, Any]:
        given = super().answers
        del given["received_on"], given["received_time"]
        return given | {"received_at": self.received_at}


class PersonFields:
    name = line("Name", required="Enter their name.", hint="As they write it themselves.")
    email = email_address("E-mail address")
    telephone = line("Telephone", most=40)
    address = prose("Postal address", most=1000)
    nhs_number = line("NHS number", most=20, hint="Ten digits. An unknown number holds nothing up.")
    born_on = day("Date of birth")
    died_on = day("Date of death, if they have died")


class PersonForm(PersonFields, EditingForm):
    def __init__(self, person: Person) -> None:
        super().__init__(person)


class PartFields:
    part = one_of(
        "What are they in this complaint?", Part, required="Select what they are in this complaint."
    )
    basis = line(
        "By what right do they act for someone else?", hint="For a representative: s.9(3) of the Act."
    )


class NewPartyForm(WhoFields, PartFields, PersonFields, CreatingForm):
    @property
    def answers(self) -> dict[str, Any]:
        given = super().answers
        del given["complainant_is"]
        return given | {"weighed": self.weighed}


class KnownPartyForm(PartFields, CreatingForm):
    """Someone whose record we have already."""


class DayForm(CaseworkForm):
    """On which day something was done."""

    on = day("On which day?", required="Enter the day.", default=clock.today)
