"""What casework may answer instead of doing what was asked. Messages are written for the reader."""

from __future__ import annotations

from typing import Any


class CaseworkError(Exception):
    """Any refusal. `str(error)` can be shown to the person who asked."""


class NotFound(CaseworkError):
    """There is no such record, or this person may not know that there is."""


class NotPermitted(CaseworkError):
    """This person may see the record, but may not do this to it."""


class RuleBroken(CaseworkError):
    """A rule of casework forbids this now, whoever asks. `field` names the answer at fault, if one is."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Overtaken(RuleBroken):
    """Someone else saved this record after the form was drawn. `row` is the record as it now stands."""

    def __init__(self, row: Any) -> None:
        super().__init__(
            "Someone else has saved this since you opened it. Nothing of yours is lost: compare what is"
            " saved now, shown beside your answers, then save again."
        )
        self.row = row
