from __future__ import annotations

from app.risk.models import Alert
from app.web.fields import prose
from app.web.forms import EditingForm


class AcknowledgeForm(EditingForm):
    words = prose("What is done about it?", required="Enter what is done about it.", most=4000)

    def __init__(self, alert: Alert) -> None:
        super().__init__(alert)
