"""One engine per app, one session per request, one commit per unit of work.

A request reads and writes through `db.session`. What must be written whatever becomes of the
request (that a case was opened, that a sign-in failed) goes through `db.aside()`, on a short
transaction of its own while `db.session` holds no write lock. On PostgreSQL, requests that only read have
an engine of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.core.dialect.connecting import WRITING, WRITING_ASIDE, engine_for, engine_for_reading

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_READS = "is the session of a request that reads"


class Database:
    def init_app(self, app: Flask) -> None:
        url = app.config["DATABASE_URL"]
        app.extensions["database"] = sessionmaker(engine_for(url))
        app.extensions["database_for_reading"] = engine_for_reading(url)
        app.teardown_appcontext(lambda _error: self.close())

    @property
    def sessionmaker(self) -> sessionmaker[Session]:
        return current_app.extensions["database"]

    @property
    def engine(self) -> Engine:
        return self.sessionmaker.kw["bind"]

    def dispose(self) -> None:
        """Close the connections that wait to be used again."""
        for engine in (self.engine, current_app.extensions["database_for_reading"]):
            if engine:
                engine.dispose()

    @property
    def session(self) -> Session:
        """The session of this request or command. Read with it freely; write in a unit of work.

        In a request with an unsafe method it takes the write lock before its first read, so that
        nothing read in deciding can change before it is written.
        """
        if "session" not in g:
            reads = has_request_context() and request.method in SAFE_METHODS
            g.session = self._to_read() if reads else self.sessionmaker()
            g.session.info[_READS] = reads
            if has_request_context() and not reads:
                g.session.connection(execution_options=WRITING)
        return g.session

    def _to_read(self) -> Session:
        if (engine := current_app.extensions["database_for_reading"]) and isinstance(self.engine, Engine):
            return self.sessionmaker(bind=engine)
        return self.sessionmaker()

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """Commit everything done inside, or nothing of it.

        A request that reads as a rule, and writes all the same, does so in a session of its own: coming back from
        where somebody has signed in is one. What it has read before is read again.
        """
        if (session := self.session).info.pop(_READS, False) and isinstance(self.engine, Engine):
            session.close()
            session.bind = self.engine
        if not session.in_transaction():
            session.connection(execution_options=WRITING)
        with self._committing(session):
            yield session

    @contextmanager
    def aside(self) -> Iterator[Session]:
        """A short transaction of its own, for what is kept even when the request is refused."""
        with self.sessionmaker() as session:
            session.connection(execution_options=WRITING_ASIDE)
            with self._committing(session):
                yield session

    @staticmethod
    @contextmanager
    def _committing(session: Session) -> Iterator[None]:
        """The only commit in the application."""
        try:
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise

    @staticmethod
    def close() -> None:
        """Let go of the request's session, and of whatever it did not commit."""
        if session := g.pop("session", None):
            session.close()


db = Database()
