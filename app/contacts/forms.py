from __future__ import annotations

from wtforms.validators import Regexp

from app.contacts.models import ContactKind
from app.core import clock
from app.web.fields import day, email_address, line, one_of, prose
from app.web.forms import CreatingForm, EditingForm


class ContactFields:
    name = line("Name", required="Enter their name.")
    kind = one_of("What are they to us?", ContactKind, required="Select what they are to us.")
    post = line("Their post, as they call it")
    email = email_address(
        "E-mail address",
        hint="The one a liaison officer signs in with, so that the two are shown together.",
        also=[Regexp(r"^[^@\s]+@[^@\s]+$", message="Enter an e-mail address such as name@trust.example.")],
    )
    telephone = line("Telephone number", most=40)
    address = line("Address for letters", most=500)
    from_on = day("From which day on?", required="Enter the first day.", default=clock.today)
    until_on = day("Their last day", hint="Leave empty if it goes on.")
    note = prose("Note", hint="For the office only.", most=2000)


class NewContactForm(ContactFields, CreatingForm):
    pass


class ContactForm(ContactFields, EditingForm):
    pass
