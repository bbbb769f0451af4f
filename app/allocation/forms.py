from __future__ import annotations

from wtforms import HiddenField

from app.allocation.actions import Asked
from app.allocation.models import MOST
from app.core.references import read_reference
from app.core.text import whole_number
from app.web.forms import CreatingForm


class GiveForm(CreatingForm):
    """The plan as it was shown. What cannot be read of it was never shown, and is left out."""

    pairs = HiddenField()

    @property
    def asked(self) -> list[Asked]:
        found = {}
        for words in (self.pairs.data or "").split()[: MOST + 1]:
            reference, _, rest = words.partition("~")
            version, _, to = rest.partition("~")
            read, drawn_from = read_reference(reference), whole_number(version)
            if read and drawn_from is not None:
                found[read] = Asked(read, drawn_from, to)
        return list(found.values())
