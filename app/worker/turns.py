"""Who goes first among the threads of one worker, which share its processors.

What files say of themselves takes a millisecond each, and people wait for it. Drawing them, and reading their words,
takes the processors from that: the queue hands it out last, and here it also waits for what others have in hand.
Whether a file is safe waits for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

#: How long one piece of work lets others go first, in seconds: on a day of many discs, files are drawn all the same.
PATIENCE = 5.0


class Turns:
    def __init__(self) -> None:
        self._in_hand = 0
        self._changed = Condition()

    @contextmanager
    def first(self) -> Iterator[None]:
        """Go before those who come `after_others`, while the block runs."""
        with self._changed:
            self._in_hand += 1
        try:
            yield
        finally:
            with self._changed:
                self._in_hand -= 1
                self._changed.notify_all()

    def after_others(self) -> bool:
        """Wait until nobody goes first any more, or for as long as patience lasts: False then."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._in_hand, PATIENCE)


turns = Turns()
