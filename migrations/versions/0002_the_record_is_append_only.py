"""Make the database itself refuse to change or remove what the record and the access log say.

The head of the chain is the one row that moves. It starts from the hash of nothing written yet.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = ("audit_entry", "audit_detail", "access_entry")
#: SHA-256 of b"second-read/audit/v1/genesis"; see app.audit.record, which a test compares with this.
GENESIS = "d1f16e1901962bb92e0572f739bf4da70f379dbd4dcdfb9c42f3aa3729e4d8f7"


def upgrade() -> None:
    head = sa.table("audit_head", sa.column("id"), sa.column("length"), sa.column("hash"))
    op.bulk_insert(head, [{"id": 1, "length": 0, "hash": GENESIS}])
    for statement in _refuse(op.get_context().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in _allow(op.get_context().dialect.name):
        op.execute(statement)
    op.execute("DELETE FROM audit_head")


def _refuse(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for table in TABLES
            for verb in ("UPDATE", "DELETE")
        ]
    function = (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    rows = [
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        for table in TABLES
    ]
    whole = [
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in TABLES
    ]
    return [function, *rows, *whole]


def _allow(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_no_{verb}" for table in TABLES for verb in ("update", "delete")]
    drops = [
        f"DROP TRIGGER {table}_no_{what} ON {table}" for table in TABLES for what in ("change", "truncate")
    ]
    return [*drops, "DROP FUNCTION refuse_change()"]
