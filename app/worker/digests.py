"""The digests of the day, each in a transaction of its own, so that one that is slow or fails holds up nothing."""

from __future__ import annotations

from flask import current_app

from app.accounts.models import Account
from app.core import clock
from app.database import db
from app.notices import queries
from app.notices.actions import send_digest

#: How many digests one sweep sees to; the next takes up the rest.
MOST = 200


def send_digests() -> int:
    """Write the digests that are due by now; how many were written. Any number of workers may do this."""
    now = clock.now().astimezone(clock.LONDON)
    if now.hour < current_app.config["DIGEST_HOUR"]:
        return 0
    waiting = queries.without_digest(db.session, clock.today(), most=MOST)
    db.close()
    written = 0
    for account_id in waiting:
        try:
            written += _send_digest_to(account_id)
        except Exception:  # the others have theirs, and the next sweep tries this one again
            current_app.logger.exception("the digest of account %s could not be written", account_id)
        db.close()
    return written


def _send_digest_to(account_id: int) -> bool:
    with db.unit_of_work() as session:
        account = session.get_one(Account, account_id)
        return send_digest(session, account, days_before=current_app.config["DUE_SOON_DAYS"])
