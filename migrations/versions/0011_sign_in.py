"""Links to choose a password by, and second factors.

Whoever was signed in signs in once more: their sign-in does not say what it was worth.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "authenticator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False, comment="locked: see app.core.sealing"),
        sa.Column(
            "last_step",
            sa.Integer(),
            nullable=False,
            comment="of the last code that was taken; none of it or before is",
        ),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_authenticator_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticator")),
        sa.UniqueConstraint("account_id", name=op.f("uq_authenticator_account_id")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False, comment="what its holder calls it"),
        sa.Column("credential", sa.String(), nullable=False, comment="its name for itself, in base64url"),
        sa.Column("public_key", sa.String(), nullable=False, comment="in base64url"),
        sa.Column("sign_count", sa.Integer(), nullable=False, comment="as the key counts; many always say 0"),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_account_id"), ["account_id"], unique=False)

    op.create_table(
        "password_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("email", sa.String(), nullable=False, comment="where it was sent; another address ends it"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="by a newer one, a password or a suspension",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_password_link_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_link_token_hash")),
    )
    with op.batch_alter_table("password_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_password_link_account_id_ended_at"), ["account_id", "ended_at"], unique=False
        )

    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_account_id"), ["account_id"], unique=False)

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.alter_column(
            "password_hash",
            existing_type=sa.String(),
            nullable=True,
            comment="null: has not chosen a password yet",
        )

    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "whole_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="null: the second factor is still to be shown",
            )
        )
        batch_op.add_column(
            sa.Column(
                "proved_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="when a password or second factor was last shown; by the machine's clock",
            )
        )
        batch_op.add_column(
            sa.Column(
                "challenge", sa.String(), nullable=True, comment="what a passkey is to sign, until it is used"
            )
        )
        batch_op.add_column(sa.Column("challenged_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE account_session SET proved_at = started_at, ended_at = coalesce(ended_at, last_seen_at)"
    )
    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.alter_column(
            "proved_at",
            nullable=False,
            existing_type=sa.DateTime(timezone=True),
            existing_nullable=True,
            existing_comment="when a password or second factor was last shown; by the machine's clock",
        )

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "seal",
                sa.String(),
                nullable=True,
                comment="what the secret end of its address is made of when it is sent: see app.core.sealing",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("seal")

    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.drop_column("challenged_at")
        batch_op.drop_column("challenge")
        batch_op.drop_column("proved_at")
        batch_op.drop_column("whole_at")

    op.execute("UPDATE account SET password_hash = 'none' WHERE password_hash IS NULL")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.alter_column(
            "password_hash",
            existing_type=sa.String(),
            nullable=False,
            comment=None,
            existing_comment="null: has not chosen a password yet",
        )

    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_code_account_id"))

    op.drop_table("recovery_code")
    with op.batch_alter_table("password_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_password_link_account_id_ended_at"))

    op.drop_table("password_link")
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_account_id"))

    op.drop_table("passkey")
    op.drop_table("authenticator")
