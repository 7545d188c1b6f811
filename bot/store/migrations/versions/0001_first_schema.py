"""The first schema"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0001_first_schema"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=True),
        sa.Column("issue_id", BIG, nullable=True),
        sa.Column("details", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_action_at", "audit", ["action", "at"], unique=False)
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_index(op.f("ix_audit_conversation_id"), "audit", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_audit_issue_id"), "audit", ["issue_id"], unique=False)
    op.create_table(
        "contracts",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("company", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("contact_email", sa.String(length=320), nullable=True),
        sa.Column("email_domains", JSON, nullable=False),
        sa.Column("slack_team_id", sa.String(length=64), nullable=True),
        sa.Column("teams_tenant_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_contracts")),
    )
    op.create_table(
        "dialogues_to_forget",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_dialogues_to_forget")),
    )
    op.create_index(op.f("ix_dialogues_to_forget_at"), "dialogues_to_forget", ["at"], unique=False)
    op.create_table(
        "identity_token_uses",
        sa.Column("jti", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("jti", name=op.f("pk_identity_token_uses")),
    )
    op.create_table(
        "reviewed_phrases",
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("intent", sa.String(length=100), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_reviewed_phrases")),
    )
    op.create_table(
        "scheduled_jobs",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_scheduled_jobs")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index("ix_sign_in_attempts_subject_at", "sign_in_attempts", ["subject", "at"], unique=False)
    op.create_table(
        "slack_workspaces",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("bot_user", sa.String(length=40), nullable=True),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_workspaces")),
    )
    op.create_table(
        "technicians",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("availability", sa.String(length=20), server_default="available", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technicians")),
        sa.UniqueConstraint("email", name=op.f("uq_technicians_email")),
    )
    op.create_table(
        "canned_replies",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("team", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("technician_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_canned_replies_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_replies")),
    )
    op.create_table(
        "checklist_marks",
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_checklist_marks_technician_id")),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_checklist_marks")),
    )
    op.create_table(
        "customers",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("contract_number", sa.String(length=64), nullable=True),
        sa.Column("contract_proof", sa.String(length=40), nullable=True),
        sa.Column("contract_claimed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contract_number"], ["contracts.number"], name=op.f("fk_customers_contract_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("subject", name=op.f("uq_customers_subject")),
    )
    op.create_table(
        "desk_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("csrf_hash", sa.String(length=64), nullable=False),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_desk_sessions_technician_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_desk_sessions")),
    )
    op.create_index(op.f("ix_desk_sessions_technician_id"), "desk_sessions", ["technician_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=True),
        sa.Column("invited_by", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["invited_by"], ["technicians.id"], name=op.f("fk_invitations_invited_by")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitations")),
    )
    op.create_index(op.f("ix_invitations_email"), "invitations", ["email"], unique=False)
    op.create_table(
        "known_problems",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("versions", JSON, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_known_problems_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_problems")),
    )
    op.create_index(op.f("ix_known_problems_state"), "known_problems", ["state"], unique=False)
    op.create_table(
        "settings_versions",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("technician_id", BIG, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_settings_versions_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settings_versions")),
    )
    op.create_table(
        "channel_users",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("user_id", sa.String(length=200), nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_channel_users_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_users")),
        sa.UniqueConstraint("channel", "workspace", "user_id", name=op.f("uq_channel_users_channel_workspace_user_id")),
    )
    op.create_index(op.f("ix_channel_users_customer_id"), "channel_users", ["customer_id"], unique=False)
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("owner", sa.String(length=20), nullable=False),
        sa.Column("epoch", BIG, nullable=False),
        sa.Column("technician_id", BIG, nullable=True),
        sa.Column("issue_id", BIG, nullable=True),
        sa.Column("last_seq", BIG, nullable=False),
        sa.Column("revisions", BIG, server_default=sa.text("0"), nullable=False),
        sa.Column("episode", BIG, nullable=False),
        sa.Column("episode_turns", BIG, nullable=False),
        sa.Column("resume", JSON, nullable=True),
        sa.Column("model_id", sa.String(length=64), nullable=True),
        sa.Column("fallback", sa.Boolean(), nullable=False),
        sa.Column("mood", sa.String(length=20), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("promised_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hours_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locale", sa.String(length=20), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("page_url", sa.String(length=2000), nullable=True),
        sa.Column("customer_read_seq", BIG, nullable=False),
        sa.Column("customer_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proof_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_conversations_customer_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_conversations_issue_id"), use_alter=True),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_conversations_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index("ix_conversations_created_at", "conversations", ["created_at"], unique=False)
    op.create_index(op.f("ix_conversations_customer_id"), "conversations", ["customer_id"], unique=False)
    op.create_index(op.f("ix_conversations_updated_at"), "conversations", ["updated_at"], unique=False)
    op.create_table(
        "known_problem_updates",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("problem_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["known_problems.id"], name=op.f("fk_known_problem_updates_problem_id")
        ),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technicians.id"], name=op.f("fk_known_problem_updates_technician_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_problem_updates")),
    )
    op.create_index(op.f("ix_known_problem_updates_problem_id"), "known_problem_updates", ["problem_id"], unique=False)
    op.create_table(
        "channel_threads",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("thread", sa.String(length=300), nullable=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("reference", JSON, nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", BIG, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_channel_threads_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_channel_threads")),
        sa.UniqueConstraint("channel", "workspace", "thread", name=op.f("uq_channel_threads_channel_workspace_thread")),
    )
    op.create_table(
        "continuation_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_continuation_links_conversation_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_continuation_links")),
    )
    op.create_index(
        op.f("ix_continuation_links_conversation_id"), "continuation_links", ["conversation_id"], unique=False
    )
    op.create_table(
        "conversation_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_conversation_tokens_conversation_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_conversation_tokens")),
    )
    op.create_index(
        op.f("ix_conversation_tokens_conversation_id"), "conversation_tokens", ["conversation_id"], unique=False
    )
    op.create_table(
        "mails",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.String(length=100), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_mails_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("key", name=op.f("uq_mails_key")),
    )
    op.create_index(op.f("ix_mails_conversation_id"), "mails", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_mails_created_at"), "mails", ["created_at"], unique=False)
    op.create_index(op.f("ix_mails_recipient"), "mails", ["recipient"], unique=False)
    op.create_index("ix_mails_state_due_at", "mails", ["state", "due_at"], unique=False)
    op.create_index(op.f("ix_mails_tried_at"), "mails", ["tried_at"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.Column("author", sa.String(length=20), nullable=False),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("technician_id", BIG, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("cards", JSON, nullable=False),
        sa.Column("chosen", JSON, nullable=True),
        sa.Column("client_message_id", sa.String(length=200), nullable=True),
        sa.Column("body_hash", sa.String(length=64), nullable=True),
        sa.Column("seen_seq", BIG, nullable=True),
        sa.Column("epoch", BIG, nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=True),
        sa.Column("private", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("channel_user_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["channel_user_id"], ["channel_users.id"], name=op.f("fk_messages_channel_user_id")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_messages_conversation_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_messages_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "conversation_id", "client_message_id", name=op.f("uq_messages_conversation_id_client_message_id")
        ),
        sa.UniqueConstraint("conversation_id", "seq", name=op.f("uq_messages_conversation_id_seq")),
    )
    op.create_index(
        "ix_messages_author_conversation_id_created_at",
        "messages",
        ["author", "conversation_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "notes",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("after_seq", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_notes_conversation_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_notes_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_conversation_id"), "notes", ["conversation_id"], unique=False)
    op.create_table(
        "one_time_codes",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("contract_number", sa.String(length=64), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("tries", BIG, nullable=False),
        sa.Column("technician_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract_number"], ["contracts.number"], name=op.f("fk_one_time_codes_contract_number")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_one_time_codes_conversation_id")
        ),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_one_time_codes_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_codes")),
    )
    op.create_index(op.f("ix_one_time_codes_conversation_id"), "one_time_codes", ["conversation_id"], unique=False)
    op.create_index("ix_one_time_codes_subject_created_at", "one_time_codes", ["subject", "created_at"], unique=False)
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("message_id", BIG, nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_as", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_attachments_conversation_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_attachments_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_conversation_id"), "attachments", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_attachments_message_id"), "attachments", ["message_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("message_id", BIG, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("parts_sent", BIG, nullable=False),
        sa.Column("outside_id", sa.String(length=300), nullable=True),
        sa.Column("error", sa.String(length=100), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_deliveries_conversation_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_deliveries_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("message_id", "channel", name=op.f("uq_deliveries_message_id_channel")),
    )
    op.create_index("ix_deliveries_channel_outside_id", "deliveries", ["channel", "outside_id"], unique=False)
    op.create_index("ix_deliveries_status_conversation_id", "deliveries", ["status", "conversation_id"], unique=False)
    op.create_table(
        "inbound_events",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.String(length=300), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("message_id", BIG, nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_inbound_events_conversation_id")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_inbound_events_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_events")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_inbound_events_source_source_id")),
    )
    op.create_index(
        "ix_inbound_events_status_conversation_id", "inbound_events", ["status", "conversation_id"], unique=False
    )
    op.create_table(
        "incoming_files",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("message_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("source", JSON, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("error", sa.String(length=100), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_incoming_files_conversation_id")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_incoming_files_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_files")),
    )
    op.create_index(op.f("ix_incoming_files_conversation_id"), "incoming_files", ["conversation_id"], unique=False)
    op.create_index("ix_incoming_files_status_next_at", "incoming_files", ["status", "next_at"], unique=False)
    op.create_table(
        "intakes",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("wants_person", sa.Boolean(), nullable=False),
        sa.Column("opened_by", BIG, nullable=True),
        sa.Column("asking", sa.String(length=60), nullable=True),
        sa.Column("asking_private", sa.Boolean(), nullable=False),
        sa.Column("misses", BIG, nullable=False),
        sa.Column("brief", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("taken", JSON, nullable=True),
        sa.Column("known_problem_id", BIG, nullable=True),
        sa.Column("known_problem_offered", JSON, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_intakes_conversation_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["messages.id"], name=op.f("fk_intakes_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intakes")),
    )
    op.create_index(op.f("ix_intakes_conversation_id"), "intakes", ["conversation_id"], unique=False)
    op.create_table(
        "message_changes",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("message_id", BIG, nullable=False),
        sa.Column("source_id", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_message_changes_conversation_id")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_message_changes_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_changes")),
        sa.UniqueConstraint("message_id", "source_id", name=op.f("uq_message_changes_message_id_source_id")),
    )
    op.create_index(op.f("ix_message_changes_conversation_id"), "message_changes", ["conversation_id"], unique=False)
    op.create_table(
        "intake_answers",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("intake_id", BIG, nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("message_id", BIG, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intakes.id"], name=op.f("fk_intake_answers_intake_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_intake_answers_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_answers")),
        sa.UniqueConstraint("intake_id", "question_id", name=op.f("uq_intake_answers_intake_id_question_id")),
    )
    op.create_index(op.f("ix_intake_answers_intake_id"), "intake_answers", ["intake_id"], unique=False)
    op.create_table(
        "issues",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("intake_id", BIG, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("waiting_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("technician_id", BIG, nullable=True),
        sa.Column("entitlement", sa.String(length=30), nullable=False),
        sa.Column("impact", sa.String(length=30), nullable=True),
        sa.Column("known_problem_id", BIG, nullable=True),
        sa.Column("details_complete", sa.Boolean(), nullable=False),
        sa.Column("edited", JSON, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_issues_conversation_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_issues_customer_id")),
        sa.ForeignKeyConstraint(["intake_id"], ["intakes.id"], name=op.f("fk_issues_intake_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_issues_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
        sa.UniqueConstraint("intake_id", name=op.f("uq_issues_intake_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_issues_reference")),
    )
    op.create_index(op.f("ix_issues_conversation_id"), "issues", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_issues_created_at"), "issues", ["created_at"], unique=False)
    op.create_index(op.f("ix_issues_customer_id"), "issues", ["customer_id"], unique=False)
    op.create_index(op.f("ix_issues_known_problem_id"), "issues", ["known_problem_id"], unique=False)
    op.create_index("ix_issues_technician_id_status", "issues", ["technician_id", "status"], unique=False)
    op.create_index(op.f("ix_issues_updated_at"), "issues", ["updated_at"], unique=False)
    op.create_table(
        "turns",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("inbound_event_id", BIG, nullable=False),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("intent", sa.String(length=100), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("rule", sa.String(length=200), nullable=True),
        sa.Column("actions", JSON, nullable=False),
        sa.Column("effects", JSON, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("milliseconds", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_turns_conversation_id")),
        sa.ForeignKeyConstraint(["inbound_event_id"], ["inbound_events.id"], name=op.f("fk_turns_inbound_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
    )
    op.create_index(op.f("ix_turns_conversation_id"), "turns", ["conversation_id"], unique=False)
    op.create_index("ix_turns_intent_created_at", "turns", ["intent", "created_at"], unique=False)
    op.create_table(
        "calls",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("issue_id", BIG, nullable=True),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", BIG, nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_calls_conversation_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_calls_issue_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_calls_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    op.create_index(op.f("ix_calls_conversation_id"), "calls", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_calls_issue_id"), "calls", ["issue_id"], unique=False)
    op.create_table(
        "hand_offs",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("for_technician_id", BIG, nullable=True),
        sa.Column("technician_id", BIG, nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("asked_out_of_hours", sa.Boolean(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("line_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_hand_offs_conversation_id")),
        sa.ForeignKeyConstraint(["for_technician_id"], ["technicians.id"], name=op.f("fk_hand_offs_for_technician_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_hand_offs_issue_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_hand_offs_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_offs")),
    )
    op.create_index(op.f("ix_hand_offs_conversation_id"), "hand_offs", ["conversation_id"], unique=False)
    op.create_index("ix_hand_offs_created_at", "hand_offs", ["created_at"], unique=False)
    op.create_index(op.f("ix_hand_offs_issue_id"), "hand_offs", ["issue_id"], unique=False)
    op.create_index("ix_hand_offs_state_created_at", "hand_offs", ["state", "created_at"], unique=False)
    op.create_index(op.f("ix_hand_offs_updated_at"), "hand_offs", ["updated_at"], unique=False)
    op.create_table(
        "issue_links",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_issue_links_issue_id")),
        sa.ForeignKeyConstraint(["other_id"], ["issues.id"], name=op.f("fk_issue_links_other_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_issue_links_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_links")),
        sa.UniqueConstraint("issue_id", "other_id", name=op.f("uq_issue_links_issue_id_other_id")),
    )
    op.create_index(op.f("ix_issue_links_other_id"), "issue_links", ["other_id"], unique=False)
    op.create_table(
        "known_problem_news",
        sa.Column("update_id", BIG, nullable=False),
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_known_problem_news_issue_id")),
        sa.ForeignKeyConstraint(
            ["update_id"], ["known_problem_updates.id"], name=op.f("fk_known_problem_news_update_id")
        ),
        sa.PrimaryKeyConstraint("update_id", "issue_id", name=op.f("pk_known_problem_news")),
    )
    op.create_table(
        "payments",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("minutes", BIG, nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=True),
        sa.Column("authorisation", sa.String(length=120), nullable=True),
        sa.Column("checkout_id", sa.String(length=200), nullable=True),
        sa.Column("technician_id", BIG, nullable=True),
        sa.Column("refund_reference", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refunded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_payments_customer_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_payments_issue_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_payments_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("checkout_id", name=op.f("uq_payments_checkout_id")),
    )
    op.create_index(op.f("ix_payments_customer_id"), "payments", ["customer_id"], unique=False)
    op.create_index(op.f("ix_payments_issue_id"), "payments", ["issue_id"], unique=False)
    op.create_index(op.f("ix_payments_state"), "payments", ["state"], unique=False)
    op.create_table(
        "ratings",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("technician_id", BIG, nullable=True),
        sa.Column("score", BIG, nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_ratings_conversation_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_ratings_issue_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_ratings_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        sa.UniqueConstraint("issue_id", name=op.f("uq_ratings_issue_id")),
    )
    op.create_table(
        "searches",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("source", sa.String(length=20), server_default="chat", nullable=False),
        sa.Column("key", sa.String(length=40), nullable=True),
        sa.Column("conversation_id", sa.String(length=40), nullable=True),
        sa.Column("message_id", BIG, nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("shown", JSON, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("confident", sa.Boolean(), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("issue_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_searches_conversation_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_searches_issue_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_searches_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
        sa.UniqueConstraint("key", name=op.f("uq_searches_key")),
    )
    op.create_index(op.f("ix_searches_conversation_id"), "searches", ["conversation_id"], unique=False)
    op.create_index("ix_searches_created_at", "searches", ["created_at"], unique=False)
    op.create_index(op.f("ix_searches_issue_id"), "searches", ["issue_id"], unique=False)
    op.create_table(
        "work_minutes",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("technician_id", BIG, nullable=False),
        sa.Column("minutes", BIG, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_work_minutes_issue_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_work_minutes_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_minutes")),
    )
    op.create_index(op.f("ix_work_minutes_issue_id"), "work_minutes", ["issue_id"], unique=False)
    op.create_table(
        "search_clicks",
        sa.Column("search_id", BIG, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["search_id"], ["searches.id"], name=op.f("fk_search_clicks_search_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("search_id", "place", name=op.f("pk_search_clicks")),
    )
    # SQLite wrote this reference down with the table; PostgreSQL wants to know both tables first.
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key("fk_conversations_issue_id", "conversations", "issues", ["issue_id"], ["id"])
