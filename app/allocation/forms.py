from __future__ import annotations

from wtforms import HiddenField

from app.allocation.actions import Asked
from app.allocation.models import MOST
from app.core.references import read_reference
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
            read = read_reference(reference)
            if read and version.isascii() and version.isdigit() and len(version) < 10:
                found[read] = Asked(read, int(version), to)
        return list(found.values())
