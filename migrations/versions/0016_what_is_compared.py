"""What is compared to find one person, or one text, a second time; filled in for what is there already."""

import hashlib
import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

BATCH = 500
#: By table: the new columns, their length and what they are.
ADDED = {
    "complaint": {"digest": (64, "of the narrative, to find the same words again")},
    "enquiry": {"digest": (64, "of what was said, to find the same words again")},
    "person": {
        "search_email": (None, "without capitals and blanks"),
        "search_telephone": (None, "its figures, from a nought"),
        "search_postcode": (None, "of the address, closed up"),
    },
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for name, (length, comment) in columns.items():
                kind = sa.String(length=length)
                batch.add_column(sa.Column(name, kind, nullable=False, server_default="", comment=comment))
    fill()
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for name, (length, _comment) in columns.items():
                kind = sa.String(length=length)
                batch.alter_column(name, server_default=None, existing_type=kind, existing_nullable=False)
                batch.create_index(op.f(f"ix_{table}_{name}"), [name])
    op.drop_index(op.f("ix_person_born_on"), "person")
    op.create_index(op.f("ix_person_born_on_search_name"), "person", ["born_on", "search_name"])
    op.drop_index(op.f("ix_party_person_id"), "party")
    op.create_index(op.f("ix_party_person_id_complaint_id"), "party", ["person_id", "complaint_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_party_person_id_complaint_id"), "party")
    op.create_index(op.f("ix_party_person_id"), "party", ["person_id"])
    op.drop_index(op.f("ix_person_born_on_search_name"), "person")
    op.create_index(op.f("ix_person_born_on"), "person", ["born_on"])
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for name in columns:
                batch.drop_index(op.f(f"ix_{table}_{name}"))
                batch.drop_column(name)


def fill() -> None:
    for table, said, worked_out in (
        ("complaint", ("narrative",), lambda narrative: {"digest": digest_of(narrative)}),
        ("enquiry", ("said",), lambda words: {"digest": digest_of(words)}),
        ("person", ("email", "telephone", "address"), of_a_person),
    ):
        rows = sa.table(table, sa.column("id"), *map(sa.column, (*said, *ADDED[table])))
        last = 0
        while found := _after(rows, said, last):
            values = [{"row": row[0], **worked_out(*row[1:])} for row in found]
            new = {name: sa.bindparam(name) for name in ADDED[table]}
            changed = sa.update(rows).where(rows.c.id == sa.bindparam("row")).values(**new)
            op.get_bind().execute(changed, values)
            last = found[-1][0]


def _after(rows, said, last):
    wanted = sa.select(rows.c.id, *(rows.c[name] for name in said)).where(rows.c.id > last)
    return op.get_bind().execute(wanted.order_by(rows.c.id).limit(BATCH)).all()


def digest_of(words):
    plain = unicodedata.normalize("NFKD", words.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char) and char.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest() if len(plain) >= 30 else ""


def of_a_person(email, telephone, address):
    written = "".join(email.split()).casefold()
    number = re.sub(r"[^0-9+]", "", re.sub(r"(?is)(?:ext|x|#).*", "", telephone))
    national = re.sub(r"^(?:\+|00)44", "0", number)
    if national != number:
        national = "0" + national.lstrip("0")
    figures = re.sub(r"[^0-9]", "", national)
    postcodes = re.findall(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\b", address.upper())
    return {
        "search_email": written if "@" in written else "",
        "search_telephone": figures if len(figures) >= 7 else "",
        "search_postcode": "".join(postcodes[-1]) if postcodes else "",
    }
