"""The process, or the thread, that takes nudges from the queue and does the work."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask
from huey.consumer import Consumer

from app.worker import doing

#: How many pieces of work are done at a time. Nobody has more than two spreadsheets made at once.
THREADS = 4
#: How long work in hand may take to end when the worker is stopped, in seconds. The rest is taken up again.
LAST_WORDS = 20
#: Seconds between looks into a queue that cannot call.
LOOKS_EVERY = 1.0


class Beside(Consumer):
    """A consumer in a thread of another program, whose signals are its own affair."""

    def _set_signal_handlers(self) -> None:
        pass


def run(app: Flask, *, threads: int = THREADS) -> None:
    """Work until told to stop: by SIGTERM once what is in hand is done, by SIGINT at once.

    What was in hand then is taken up again, by this worker when it is started or by another.
    """
    logging.getLogger("huey").setLevel(logging.WARNING)
    _catch_up(app)
    _consumer(Consumer, app, threads).run()


@contextmanager
def beside(app: Flask, *, threads: int = THREADS) -> Iterator[None]:
    """Work in threads of this process while the block runs, and end with it."""
    logging.getLogger("huey").setLevel(logging.WARNING)
    _catch_up(app)
    consumer = _consumer(Beside, app, threads)
    thread = Thread(target=consumer.run, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        consumer.stop(graceful=True)
        thread.join(LAST_WORDS)


def _consumer(kind: type[Consumer], app: Flask, threads: int) -> Consumer:
    return kind(
        app.extensions["queue"].huey,
        workers=threads,
        max_delay=LOOKS_EVERY,
        shutdown_timeout=LAST_WORDS,
        graceful_signal="TERM",
    )


def _catch_up(app: Flask) -> None:
    """Sweep at once. A start does not hang on it: the next sweep is a minute away."""
    with app.app_context():
        try:
            doing.sweep()
        except Exception:
            app.logger.exception("the first sweep could not be done")
