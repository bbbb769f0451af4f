"""Text as it is read in sentences of ours."""

from __future__ import annotations

import re

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import Length

from app.core.text import in_a_sentence
from app.web.fields import email_address, line
from app.web.forms import CaseworkForm


@pytest.mark.parametrize(
    ("label", "called"),
    [
        ("Reasons", "Reasons"),
        ("NHS number, if you know it", "NHS number"),
        ("Their post, as they call it", "Their post"),
        (
            "What happened, in the complainant’s words",
            "Your answer to “What happened, in the complainant’s words”",
        ),
        ("Why?", "Your answer to “Why?”"),
        ("If no standard applies: why not?", "Your answer to “If no standard applies: why not?”"),
        ("In a few words", "Your answer to “In a few words”"),
    ],
)
def test_a_label_is_the_subject_of_a_sentence_or_is_quoted_in_it(label, called):
    assert in_a_sentence(label) == called


def test_what_is_too_long_is_told_so_in_a_sentence_that_can_be_read():
    class Asked(Form):
        number = line("NHS number, if you know it", most=20)
        email = email_address("Your e-mail address")

    asked = Asked(MultiDict({"number": "9" * 21, "email": "a" * 201}))

    asked.validate()

    assert asked.errors == {
        "number": ["NHS number must be 20 characters or fewer."],
        "email": ["Your e-mail address must be 200 characters or fewer."],
    }


def forms(kind=CaseworkForm):
    for each in kind.__subclasses__():
        yield each
        yield from forms(each)


def test_no_form_says_what_is_too_long_in_the_library_s_words_or_with_half_a_label(app):
    """Such as “Field cannot be longer than 200 characters.”."""
    said = {
        f"{kind.__name__}.{name}": str(validator.message)
        for kind in forms()
        for name, field in vars(kind).items()
        if hasattr(field, "_formfield")
        for validator in field.kwargs.get("validators", ())
        if isinstance(validator, Length)
    }

    assert len(said) > 50
    read = re.compile("(Your answer to “.+”|[^,:?]+) must be .+ characters or fewer[.]")
    assert {name: words for name, words in said.items() if not read.fullmatch(words)} == {}
