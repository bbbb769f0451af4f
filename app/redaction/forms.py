from __future__ import annotations

from app.reading.forms import BoxFields
from app.redaction.models import Reason
from app.web.fields import line, one_of, whole
from app.web.forms import CreatingForm


class MarkForm(BoxFields, CreatingForm):
    page = whole("Page", least=1, most=99_999, required="Enter the page.")
    reason = one_of("Why is it blacked out?", Reason, required="Select why it is blacked out.")
    words = line("The reason in words", hint="Needed for another reason; whoever reads the list sees it.")

    def __init__(self, page: int) -> None:
        super().__init__(data={"page": page})


class FindForm(CreatingForm):
    words = line(
        "Which words?",
        required="Enter the words.",
        hint="A name, a number, a phrase. Each place where they stand is proposed, for you to look at.",
    )
    reason = one_of("Why are they blacked out?", Reason, required="Select why they are blacked out.")


class CopyForm(CreatingForm):
    title = line(
        "What is the copy called?",
        required="Enter what the copy is called.",
        hint="Whoever is given it sees this. Use no word that is blacked out, and not the name of the original.",
    )
