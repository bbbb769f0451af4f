from __future__ import annotations

from app.notices.models import Choice
from app.web.fields import one_of
from app.web.forms import CaseworkForm


class ChoiceForm(CaseworkForm):
    choice = one_of("How often?", Choice, required="Select how often.")
