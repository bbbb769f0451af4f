from __future__ import annotations

from typing import Any

from app.complaints.forms import ReceivedAnswers
from app.core import clock
from app.doubles.forms import WhoFields
from app.enquiries.models import Enquiry, Way
from app.people.actions import Particulars
from app.web.drafted import DraftedForm, Kept
from app.web.fields import clock_time, day, email_address, line, one_of, prose, yes_or_no
from app.web.forms import EditingForm


class TakeForm(WhoFields, DraftedForm, ReceivedAnswers):
    kept_as = Kept("enquiries.take", "Write down a contact", words=("said",), names=("name", "about"))

    way = one_of("How did they reach us?", Way, required="Select how they reached us.", default=Way.TELEPHONE)
    received_on = day("On which day?", required="Enter the day.", default=clock.today)
    received_time = clock_time(
        "At what time?", hint="As on a clock in London. Leave empty if it is not known."
    )
    name = line("Their name", hint="As they write it themselves. Leave empty if they gave none.")
    telephone = line("Telephone", most=40)
    email = email_address("E-mail address")
    is_identity_checked = yes_or_no(
        "I checked who they are", hint="By asking what only they would know, such as their date of birth."
    )
    about = line("Which organisation is it about?", hint="In their words.")
    said = prose("What did they say?", required="Enter what they said.")

    @property
    def answers(self) -> dict[str, Any]:
        particulars = Particulars(name=self.name.data, telephone=self.telephone.data, email=self.email.data)
        return {
            "way": self.way.data,
            "received_at": self.received_at,
            "said": self.said.data,
            "about": self.about.data,
            "is_identity_checked": self.is_identity_checked.data,
            "particulars": particulars if self.name.data else None,
            "weighed": self.weighed,
        }


class OfferForm(EditingForm):
    on = day("On which day did we offer it?", required="Enter the day.", default=clock.today)
    how = line("How, and what did they answer?", required="Enter how, and what they answered.", most=500)
    elsewhere = frozenset({"on", "how"})


class WriteForm(EditingForm):
    written = prose("What we wrote down for them", required="Enter what was written down.", most=100_000)
    sent_on = day("On which day was it sent to them?", required="Enter the day.", default=clock.today)
    elsewhere = frozenset({"sent_on"})

    def __init__(self, enquiry: Enquiry) -> None:
        super().__init__(enquiry, data={"written": enquiry.written or enquiry.said})


class ConfirmationForm(EditingForm):
    on = day("On which day did they confirm it?", required="Enter the day.", default=clock.today)
    how = line("How?", hint="For example: signed and returned; by e-mail.", required="Enter how.", most=500)
    elsewhere = frozenset({"on", "how"})


class CloseForm(EditingForm):
    closing = prose(
        "What were they told, and who can help them?", required="Enter what they were told.", most=4000
    )
    back_on = day(
        "From which day on may they come back?", hint="If it was too early. It goes into the diary."
    )
