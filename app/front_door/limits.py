"""How much may come in by the front door. There is nothing to solve for people: floods are counted instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from app.accounts.limits import Limit, spend

HOUR = timedelta(hours=1)
#: Links that one e-mail address is sent in an hour, whoever asks.
LINKS_TO_ONE = Limit("form_link_email", 3, HOUR)


class Doing(StrEnum):
    """What is counted."""

    START = "start"
    SAVE = "save"
    LINK = "link"
    RETURN = "return"
    FILE = "file"
    SEND = "send"


#: How often each may be done for every form that may be started: a form has a dozen pages, written more than once.
TIMES: Mapping[Doing, int] = {
    Doing.START: 1,
    Doing.SAVE: 40,
    Doing.LINK: 1,
    Doing.RETURN: 3,
    Doing.FILE: 5,
    Doing.SEND: 1,
}


@dataclass(frozen=True)
class Bounds:
    """How many forms an hour may be started, from one network and in all; how long an unsent one is kept,
    in days; and how many bytes of files may wait, in one form and in all unsent ones."""

    per_network: int
    in_all: int
    days: int
    bytes_in_form: int
    bytes_in_all: int
    files_in_form: int = 20


def limits_of(doing: Doing, bounds: Bounds) -> tuple[Limit, Limit]:
    """The limit for one network, and the one for everybody."""
    times = TIMES[doing]
    return (
        Limit(f"form_{doing}_network", bounds.per_network * times, HOUR),
        Limit(f"form_{doing}_all", bounds.in_all * times, HOUR),
    )


def is_within(session: Session, doing: Doing, *, network: str, bounds: Bounds) -> bool:
    """Count it, and say whether it is within both limits. A network that is refused uses up nobody else's."""
    for_network, for_all = limits_of(doing, bounds)
    return spend(session, for_network, network) and spend(session, for_all, "")
