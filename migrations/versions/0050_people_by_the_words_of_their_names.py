"""The words of people's names, by whose beginnings they are found: to look through all names grows with the office."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"

AT_A_TIME = 5000
people = sa.table("person", sa.column("id", sa.Integer), sa.column("search_name", sa.String))
words = sa.table("person_name_word", sa.column("person_id", sa.Integer), sa.column("word", sa.String))


def upgrade() -> None:
    op.create_table(
        "person_name_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "word",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
            comment="without case and accents",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_name_word_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_name_word")),
        sa.UniqueConstraint("person_id", "word", name=op.f("uq_person_name_word_person_id_word")),
    )
    op.create_index(op.f("ix_person_name_word_word_person_id"), "person_name_word", ["word", "person_id"])
    connection = op.get_bind()
    after = 0
    while rows := _names_after(connection, after):
        after = rows[-1].id
        known = [
            {"person_id": row.id, "word": word}
            for row in rows
            for word in sorted(set(re.findall(r"\w+", row.search_name)))
        ]
        if known:
            connection.execute(sa.insert(words), known)


def _names_after(connection: sa.Connection, after: int) -> list[sa.Row]:
    names = sa.select(people.c.id, people.c.search_name).where(people.c.id > after)
    return list(connection.execute(names.order_by(people.c.id).limit(AT_A_TIME)))


def downgrade() -> None:
    op.drop_index(op.f("ix_person_name_word_word_person_id"), "person_name_word")
    op.drop_table("person_name_word")
