from __future__ import annotations

from wtforms import BooleanField

from app.web.fields import line
from app.web.forms import CreatingForm


class SaveForm(CreatingForm):
    name = line("Name of the filter", required="Enter a name for the filter.", most=60)
    is_shared = BooleanField("Show it to everybody in the office")
