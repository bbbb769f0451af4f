"""The kinds of work there are. A new kind is a row that is `Work`, a function that does it, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.bundles.models import Bundle
from app.core.work import Taken, Work
from app.examining.kinds import FIRST
from app.examining.kinds import KINDS as EXAMINERS
from app.examining.models import Examination
from app.exports.models import Export
from app.imaging.models import AdviserCopy
from app.outbox.models import Message
from app.redaction.models import Redacting
from app.worker.bundling import bundle
from app.worker.copies import make_copy
from app.worker.examining import examine
from app.worker.examining_together import examine_together
from app.worker.exports import make
from app.worker.post import send
from app.worker.redacting import redact


@dataclass(frozen=True)
class Kind:
    """Rows that are pieces of work, and what does one. It opens its own transactions."""

    rows: type[Any]
    do: Callable[[Taken[Any]], None]
    #: Does those of many that can be done together, and returns the others.
    do_together: Callable[[Sequence[int]], Sequence[int]] | None = None
    #: Whether a row goes before others that wait: it takes little, and somebody waits for it.
    is_soon: Callable[[Any], bool] = lambda _row: False


def _is_quick(examination: Examination) -> bool:
    """What a file is, and whether it is safe, is known before any is drawn."""
    return examination.kind in FIRST or EXAMINERS[examination.kind].quick


KINDS: Mapping[str, Kind] = {
    "message": Kind(Message, send, is_soon=lambda _row: True),
    "export": Kind(Export, make),
    "examination": Kind(Examination, examine, examine_together, is_soon=_is_quick),
    "adviser_copy": Kind(AdviserCopy, make_copy),
    "bundle": Kind(Bundle, bundle),
    "redacting": Kind(Redacting, redact),
}


def name_of(work: Work) -> str | None:
    """The name of the kind this row is of; None for one that nobody does."""
    return next((name for name, kind in KINDS.items() if type(work) is kind.rows), None)
