from __future__ import annotations

from app.core import clock
from app.web.fields import clock_time, day
from app.web.forms import CaseworkForm


class ClockForm(CaseworkForm):
    to_day = day("To which day?", required="Enter a day.", default=clock.today)
    to_time = clock_time(
        "At what time?", hint="As on a clock in London, for example 14:05. Leave empty for the time it is."
    )
