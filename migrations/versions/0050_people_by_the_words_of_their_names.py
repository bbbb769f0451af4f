"""The words of people's names, by whose beginnings they are found: to look through all names grows with the office."""

import re
import unicodedata
from itertools import groupby, pairwise

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"

AT_A_TIME = 5000
people = sa.table("person", sa.column("id", sa.Integer), sa.column("name", sa.String))
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
        known = [{"person_id": row.id, "word": word} for row in rows for word in sorted(_called_by(row.name))]
        if known:
            connection.execute(sa.insert(words), known)


def _names_after(connection: sa.Connection, after: int) -> list[sa.Row]:
    names = sa.select(people.c.id, people.c.name).where(people.c.id > after)
    return list(connection.execute(names.order_by(people.c.id).limit(AT_A_TIME)))


def _called_by(name: str) -> set[str]:
    """As names are kept from now on: whole, by the parts at an apostrophe, and by every ending where no space parts."""
    whole = _plain(_joined(name, ""))
    left_out = re.sub(r"\b([odl])\.?\s+(?=\w)", r"\1", whole)
    words = {word for way in (whole, _joined(name, " "), left_out) for word in _words_of(way)}
    return words | {ending for word in words for ending in _endings_of(word)}


def _joined(name: str, by: str) -> str:
    joins = "'’‘ʼʻ′`´＇"
    return "".join(by if char in joins or unicodedata.category(char) == "Cf" else char for char in name)


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def _words_of(text: str) -> list[str]:
    return ["".join(run) for is_word, run in groupby(_plain(text), _is_of_a_word) if is_word]


def _is_of_a_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char).startswith("M")


def _endings_of(word: str) -> list[str]:
    letters = unicodedata.normalize("NFC", word)
    begin = [n for n, pair in enumerate(pairwise(letters[:20]), 1) if any(map(_is_unspaced, pair))]
    return [unicodedata.normalize("NFKD", letters[start:]) for start in begin]


def _is_unspaced(char: str) -> bool:
    scripts = "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR"
    return unicodedata.name(char, "").startswith(scripts)


def downgrade() -> None:
    op.drop_index(op.f("ix_person_name_word_word_person_id"), "person_name_word")
    op.drop_table("person_name_word")
