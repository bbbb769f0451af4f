"""Column types that mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import enum
from datetime import UTC, datetime

from sqlalchemy import JSON, DateTime, Dialect, Enum, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB

#: A JSON document: JSONB where the database has it, JSON text elsewhere.
Document = JSON().with_variant(JSONB(), "postgresql")

#: An enum kept as its value in a plain text column: no CHECK and no native type, so a new member
#: needs no migration. Unknown values are refused on the way in.
EnumText = Enum(
    enum.Enum,
    native_enum=False,
    create_constraint=False,
    length=40,
    values_callable=lambda members: [member.value for member in members],
    validate_strings=True,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Naive datetimes are refused; what is read back is always aware and in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: Text whose order is that of its characters, as SQLite has it anyway: what begins alike stands together.
ByLetter = String().with_variant(String(collation="C"), "postgresql")
#: What people quote on the telephone: see app.core.references.
Reference = String(20)
#: 128 random bits as hexadecimal digits: the outside name of a document or an account.
Key = String(32)
#: A SHA-256 as hexadecimal digits.
Digest = String(64)
