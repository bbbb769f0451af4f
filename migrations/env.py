"""How Alembic meets the application. Run through `flask db`, which hands over the engine."""

from __future__ import annotations

from alembic import context
from alembic.script import ScriptDirectory

from app.core.dialect.connecting import rebuilding_tables
from app.core.types import EnumText, UtcDateTime
from app.models import Model

config = context.config


def number_it(_context, _revision, directives) -> None:
    """Number migrations 0001, 0002, …: two branches then clash in git, where someone will see it."""
    [script] = directives
    head = ScriptDirectory.from_config(config).get_current_head()
    script.rev_id = f"{int(head or 0) + 1:04}"


def plain_type(kind: str, obj: object, autogen_context) -> str | bool:
    """Write plain column types into migrations, which must still run when the application has moved on."""
    if kind != "type":
        return False
    if isinstance(obj, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(obj, type(EnumText)):
        return f"sa.String({obj.length})"
    if "postgresql" in getattr(obj, "_variant_mapping", {}):
        autogen_context.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return 'sa.JSON().with_variant(JSONB(), "postgresql")'
    return False


def belongs_to_others(name: str | None, kind: str, _parents: object) -> bool:
    """The full-text index, the tables SQLite keeps behind it, and the queue's, are no tables of the models."""
    return kind == "table" and bool(name) and name.startswith(("search_index", "huey_"))


options = {
    "include_name": lambda name, kind, parents: not belongs_to_others(name, kind, parents),
    "target_metadata": Model.metadata,
    "process_revision_directives": number_it,
    "render_item": plain_type,
    "render_as_batch": True,  # SQLite cannot ALTER; Alembic rebuilds the table instead
    "compare_server_default": True,
    "transactional_ddl": True,  # true of SQLite too, since app.core.dialect makes it BEGIN
    "transaction_per_migration": True,
}

if context.is_offline_mode():
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()
else:
    with config.attributes["engine"].connect() as connection, rebuilding_tables(connection):
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
