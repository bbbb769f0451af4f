"""The pages of the form for the public: the questions that staff answer too, in plain words, a few at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.text import looks_like_an_address
from app.people.models import AdjustmentKind, ContactWay
from app.reference import lists
from app.web.fields import LINE, boxes, day, email_address, in_list, line, pick, prose, yes_or_no
from app.web.forms import CaseworkForm, Drawn
from app.web.uploads import several_files

#: How many kinds of imaging are offered by name; whatever else it was is “something else”.
KINDS_SHOWN = 12
#: A box on each page that nobody sees: only a machine fills it in.
UNSEEN = "homepage"
MOST_ORGANISATIONS = 5
YES_NO = {"yes": "Yes", "no": "No", "not_sure": "I am not sure"}
ABOUT = {"themselves": "It happened to me", "another": "It happened to somebody else"}
ANSWERED = {
    "final": "Yes, and it has given its last answer",
    "waiting": "Yes, and I am waiting for its answer",
    "no": "No, not yet",
}
WAYS = {way.value: way.label for way in ContactWay if way is not ContactWay.NOT_SAID}
NEEDS = {kind.value: kind.label for kind in AdjustmentKind} | {
    AdjustmentKind.LETTERS_READ.value: "Letters read to me by telephone"
}


def kinds_of_imaging() -> dict[str, str]:
    """What a scan is called by people, each name once, and what to say when it is none of these."""
    names = list(dict.fromkeys(modality.plain for modality in lists.modalities().values()))
    shown = {name: name for name in names[:KINDS_SHOWN]}
    return {**shown, "Something else": "Something else", "I am not sure": "I am not sure"}


def _kind_of_imaging(words: str) -> str:
    return str(in_list(kinds_of_imaging())(words))


class PageForm(CaseworkForm):
    """One page of the form."""

    @classmethod
    def of(cls, pairs: Sequence[Sequence[str]]) -> PageForm:
        """The page as it was answered, to be read or drawn; it is not the one that is being sent."""
        return cls(Drawn([(name, words) for name, words in pairs]), meta={"csrf": False})

    def missing(self, name: str, sentence: str) -> bool:
        self[name].errors = [*self[name].errors, sentence]
        return False


class RightPlaceForm(PageForm):
    care = pick(
        "Did the NHS in England pay for the care?",
        YES_NO,
        coerce=in_list(YES_NO),
        radios=True,
        required="Choose yes, no, or that you are not sure.",
        hint="A private hospital counts too, if the NHS sent you there.",
    )


class YouForm(PageForm):
    name = line("Your name", required="Enter your name.", hint="As you write it yourself.")
    email = email_address("Your e-mail address")
    telephone = line("Your telephone number", most=40)
    address = prose("Your postal address", most=1000)

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if self.email.data and not looks_like_an_address(self.email.data):
            good = self.missing("email", "Enter an e-mail address such as name@example.com.")
        if not (self.email.data or self.telephone.data or self.address.data):
            good = self.missing("email", "Give us one way to reach you: e-mail, telephone or post.")
        return good


class ContactForm(PageForm):
    contact_by = pick(
        "How should we reach you?",
        WAYS,
        coerce=in_list(WAYS),
        radios=True,
        required="Choose how we should reach you.",
    )
    is_unsafe_to_contact = yes_or_no(
        "Somebody near me must not know of this",
        hint="For example, somebody who opens your letters. We then send nothing before we have found a safe way.",
    )
    contact_note = prose(
        "What should we know before we contact you?",
        hint="When to call, or what not to say or send.",
        most=1000,
    )

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if self.is_unsafe_to_contact.data and not self.contact_note.data:
            good = self.missing("contact_note", "Tell us a safe way to reach you.")
        return good


class NeedsForm(PageForm):
    needs = boxes(
        "Do you need any of these?", NEEDS, coerce=in_list(NEEDS), hint="Leave this empty if you need none."
    )
    needs_words = line(
        "What exactly would help?", hint="For example: which language, or how large the print."
    )

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if AdjustmentKind.OTHER.value in self.needs.data and not self.needs_words.data:
            good = self.missing("needs_words", "Tell us what would help.")
        return good


class WhoForm(PageForm):
    about = pick(
        "Who did it happen to?",
        ABOUT,
        coerce=in_list(ABOUT),
        radios=True,
        required="Choose who it happened to.",
    )
    affected_name = line("Their name", hint="Only if it happened to somebody else. So is the next question.")
    basis = line(
        "What are you to them, and do they want you to complain?",
        hint="For example: I am her son and she has asked me to; I am his widow.",
    )
    born_on = day("Date of birth of the person it happened to", hint="For example, 27 3 1950.")
    died_on = day("If they have died, on which day?")
    nhs_number = line(
        "NHS number, if you know it", most=20, hint="It is on letters from the hospital. It has 10 digits."
    )

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if self.about.data == "another" and not self.affected_name.data:
            good = self.missing("affected_name", "Enter the name of the person it happened to.")
        if self.about.data == "another" and not self.basis.data:
            good = self.missing("basis", "Tell us what you are to them.")
        born, died = self.born_on.data, self.died_on.data
        if born and died and died < born:
            good = self.missing("died_on", "The day they died must be after the day they were born.")
        return good


class OrganisationForm(PageForm):
    organisations = prose(
        "Which hospital, surgery or other service is it about?",
        required="Enter the name of the hospital, surgery or service.",
        hint="If there is more than one, write each on a line of its own.",
        most=1000,
    )

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if len(self.named) > MOST_ORGANISATIONS:
            good = self.missing(
                "organisations", f"Name at most {MOST_ORGANISATIONS}, each on a line of its own."
            )
        return good

    @property
    def named(self) -> list[str]:
        """Each service once, as it was written."""
        lines = (words.strip()[:LINE] for words in (self.organisations.data or "").splitlines())
        return list(dict.fromkeys(words for words in lines if words))


class WhatForm(PageForm):
    narrative = prose(
        "Tell us what happened",
        required="Tell us what happened.",
        hint="Write it as you would tell a friend. What went wrong? What did it do to you or your family?",
        most=100_000,
    )


class ScanForm(PageForm):
    happened_on = day(
        "When did it happen?", partial=True, hint="If you do not know the day, the month and year will do."
    )
    imaging = boxes(
        "What kind of scan or X-ray was it?",
        kinds_of_imaging,
        coerce=_kind_of_imaging,
        hint="Choose all that fit.",
    )


class AnswerForm(PageForm):
    answered = pick(
        "Have you complained to the hospital or service itself?",
        ANSWERED,
        coerce=in_list(ANSWERED),
        radios=True,
        required="Choose whether you have complained to it.",
    )
    answered_on = day("When did its last answer come?", partial=True, hint="It is on its letter.")


class WantedForm(PageForm):
    wanted = prose(
        "What do you want to happen now?",
        hint="For example: that they say sorry, explain, put it right, or change how they work.",
    )


class LinkForm(PageForm):
    email = email_address("Your e-mail address")

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if good and not looks_like_an_address(self.email.data or ""):
            good = self.missing("email", "Enter an e-mail address such as name@example.com.")
        return good


class FilesForm(PageForm):
    files = several_files(
        "Choose files",
        required="Choose a file, or carry on without.",
        most=5,
        hint="Letters, reports or pictures: PDF, Word, OpenDocument, text, JPEG, PNG, TIFF or HEIC. Up to 20 MB each.",
    )


@dataclass(frozen=True)
class Page:
    """A page: its name in addresses, its heading, what to say first, its questions, and how tall its boxes are."""

    name: str
    title: str
    form: type[PageForm]
    lead: str = ""
    rows: dict[str, int] = field(default_factory=dict)


PAGES = (
    Page(
        "right_place",
        "Are you in the right place?",
        RightPlaceForm,
        "We look into complaints about scans and X-rays in the NHS. Whatever you answer, you can send the form. If we"
        " cannot help, we tell you who can.",
    ),
    Page("you", "About you", YouForm, rows={"address": 4}),
    Page("contact", "How we can reach you", ContactForm, rows={"contact_note": 3}),
    Page("needs", "What you need from us", NeedsForm, "We want everybody to be able to use our service."),
    Page("who", "Who it is about", WhoForm),
    Page("organisation", "Where it happened", OrganisationForm, rows={"organisations": 3}),
    Page(
        "what",
        "What happened",
        WhatForm,
        "Take your time. You can save this and come back.",
        {"narrative": 14},
    ),
    Page("scan", "When, and which scan", ScanForm, "Leave out what you do not know."),
    Page("answer", "What the hospital or service has said", AnswerForm),
    Page("wanted", "What you want", WantedForm, rows={"wanted": 6}),
)
BY_NAME = {page.name: page for page in PAGES}
AUTOCOMPLETE = {"name": "name", "email": "email", "telephone": "tel", "address": "street-address"}
