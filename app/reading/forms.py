from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.evidence.forms import RowLinkForm
from app.reading.boxes import Box, box_of
from app.reading.models import WHOLE
from app.web.fields import whole

if TYPE_CHECKING:
    from app.allegations.models import Allegation


class BoxFields:
    """The four sides of a box on a page, in thousandths. Drawn with a mouse, they fill themselves."""

    left = whole("Left", least=0, most=WHOLE)
    top = whole("Top", least=0, most=WHOLE)
    right = whole("Right", least=0, most=WHOLE)
    bottom = whole("Bottom", least=0, most=WHOLE)

    @property
    def box(self) -> Box | None:
        """Raises `RuleBroken` for what is no box."""
        return box_of(self.left.data, self.top.data, self.right.data, self.bottom.data)


class CiteForm(BoxFields, RowLinkForm):
    page = whole("Page", least=1, most=99_999, required="Enter the page.")
    last_page = whole("Up to which page?", least=1, most=99_999, hint="Leave empty for this page alone.")

    def __init__(self, allegations: Iterable[Allegation], page: int) -> None:
        super().__init__(allegations, page=page)
