"""The base of every table."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import MetaData, inspect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.orm.attributes import flag_modified

from app.core import clock
from app.core.errors import Overtaken
from app.core.types import Document, EnumText, UtcDateTime


class Model(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        enum.Enum: EnumText,
        dict[str, Any]: Document,
        list[Any]: Document,
    }

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"


class Created:
    """Mixin for rows that know when they came to be."""

    created_at: Mapped[datetime] = mapped_column(default=clock.now, sort_order=100)


class Versioned:
    """Mixin for rows that people edit in forms. Each save is a version; see `agree`.

    The mapper counts the versions and catches two saves at the same instant; `agree` catches two
    forms that were open at the same time.
    """

    version: Mapped[int] = mapped_column(sort_order=110)

    def touch(self) -> None:
        """Count a change of what belongs to the row, but is kept in other rows, as a change of the row."""
        if inspect(self).persistent:
            names = (attribute.key for attribute in inspect(self).mapper.column_attrs)
            name = next(name for name in names if name not in {"id", "version"})
            getattr(self, name)  # only what is loaded can be flagged
            flag_modified(self, name)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]

    def agree(self, drawn_from: int | None) -> None:
        """Raise `Overtaken` if the row has been saved since a form was drawn from version `drawn_from`.

        None is a caller that drew no form: a command, a test, a load.
        """
        if drawn_from is not None and drawn_from != self.version:
            raise Overtaken(self)
