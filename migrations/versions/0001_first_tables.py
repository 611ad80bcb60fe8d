"""Every table, as the first release has them."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unsettled",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("never", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("id > 0 AND never = 0", name=op.f("ck_unsettled_never_settled")),
        sa.ForeignKeyConstraint(
            ["never"],
            ["unsettled.id"],
            name=op.f("fk_unsettled_never_unsettled"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsettled")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "organiser",
                "agent",
                "exhibitor",
                "station",
                "reader",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("totp_secret", sa.String(), nullable=False),
        sa.Column("totp_last_counter", sa.Integer(), nullable=False),
        sa.Column("provider_issuer", sa.String(), nullable=False),
        sa.Column("provider_subject", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "totp_last_counter >= 0", name=op.f("ck_accounts_totp_last_counter_at_least_0")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email_key", name=op.f("uq_accounts_email_key")),
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index(
            "uq_accounts_provider_identity",
            ["provider_issuer", "provider_subject"],
            unique=True,
            sqlite_where=sa.text("provider_subject <> ''"),
            postgresql_where=sa.text("provider_subject <> ''"),
        )

    op.create_table(
        "company_records",
        sa.Column("siret", sa.String(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("siret", name=op.f("pk_company_records")),
    )
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("organiser", sa.String(), nullable=False),
        sa.Column("registration_opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registration_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("access", sa.String(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("practical", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("contact_email", sa.String(), nullable=False),
        sa.Column("contact_phone", sa.String(), nullable=False),
        sa.Column("legal", sa.JSON(), nullable=False),
        sa.Column("main_colour", sa.String(), nullable=False),
        sa.Column("accent_colour", sa.String(), nullable=False),
        sa.Column("logo_name", sa.String(), nullable=False),
        sa.Column(
            "phone_asked",
            sa.Enum(
                "no",
                "optional",
                "required",
                name="phoneasked",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("village_name", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "held",
                "closed",
                name="editionstate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "standing",
            sa.Enum(
                "as_planned",
                "postponed",
                "cancelled",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("is_current", sa.Boolean(), nullable=True),
        sa.Column("code_key", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("is_current", name=op.f("ck_editions_is_current_true_or_null")),
        sa.CheckConstraint(
            "is_current IS NULL OR state IN ('open', 'held')",
            name=op.f("ck_editions_only_open_or_held_is_current"),
        ),
        sa.CheckConstraint(
            "registration_opens_at < registration_closes_at",
            name=op.f("ck_editions_opens_before_closing"),
        ),
        sa.CheckConstraint(
            "latitude BETWEEN -90 AND 90", name=op.f("ck_editions_latitude_in_degrees")
        ),
        sa.CheckConstraint(
            "longitude BETWEEN -180 AND 180", name=op.f("ck_editions_longitude_in_degrees")
        ),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_editions_whole_map_point")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("slug", name=op.f("uq_editions_slug")),
    )
    with op.batch_alter_table("editions", schema=None) as batch_op:
        batch_op.create_index("uq_editions_is_current", ["is_current"], unique=True)

    op.create_table(
        "mail_settings",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("sender_name", sa.String(), nullable=False),
        sa.Column("reply_to", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_mail_settings_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_mail_settings")),
    )
    op.create_table(
        "epcis",
        sa.Column("siren", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("siren", name=op.f("pk_epcis")),
    )
    op.create_table(
        "journal_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entries")),
    )
    with op.batch_alter_table("journal_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_entries_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_journal_entries_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_journal_entries_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_journal_entries_subject"), ["subject"], unique=False)

    op.create_table(
        "alarms",
        sa.Column(
            "kind",
            sa.Enum(
                "failures",
                "task",
                "worker",
                "outbox",
                "disk",
                name="alarmkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_alarms")),
    )
    op.create_table(
        "machine_reports",
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("tasks", sa.JSON(), nullable=False),
        sa.Column("disk_free", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("disk_free >= 0", name=op.f("ck_machine_reports_disk_free_at_least_0")),
        sa.CheckConstraint("done >= 0", name=op.f("ck_machine_reports_done_at_least_0")),
        sa.CheckConstraint("failed >= 0", name=op.f("ck_machine_reports_failed_at_least_0")),
        sa.PrimaryKeyConstraint("machine", name=op.f("pk_machine_reports")),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "sent",
                "refused",
                "called_off",
                name="messagestatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_messages_attempts_at_least_0")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("message_id", name=op.f("uq_messages_message_id")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_act"), ["act"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_about"), ["about"], unique=False)
        batch_op.create_index("ix_messages_due", ["status", "next_attempt_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_recipient"), ["recipient"], unique=False)

    op.create_table(
        "number_series",
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 0", name=op.f("ck_number_series_last_at_least_0")),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_number_series")),
    )
    op.create_table(
        "rate_counters",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("window_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_rate_counters_count_at_least_0")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_counters")),
    )
    with op.batch_alter_table("rate_counters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_counters_window_at"), ["window_at"], unique=False)

    op.create_table(
        "submissions",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_submissions")),
    )
    op.create_table(
        "badge_settings",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("print_layout", sa.String(), nullable=False),
        sa.Column("desk_layout", sa.String(), nullable=False),
        sa.Column("kiosk_layout", sa.String(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("colours", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "desk_layout IN ('a4', 'a6', '62mm', '102x152')",
            name=op.f("ck_badge_settings_known_desk_layout"),
        ),
        sa.CheckConstraint(
            "kiosk_layout IN ('a6', '62mm')", name=op.f("ck_badge_settings_known_kiosk_layout")
        ),
        sa.CheckConstraint(
            "print_layout IN ('a4', 'a6', '62mm', '102x152')",
            name=op.f("ck_badge_settings_known_print_layout"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_badge_settings_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_badge_settings")),
    )
    op.create_table(
        "booking_settings",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("notice_minutes", sa.Integer(), nullable=False),
        sa.Column("hold_minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_minutes", sa.Integer(), nullable=False),
        sa.Column("offer_minutes", sa.Integer(), nullable=False),
        sa.Column("per_visitor", sa.Integer(), nullable=False),
        sa.Column("per_commune", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "buffer_minutes >= 0", name=op.f("ck_booking_settings_buffer_minutes_at_least_0")
        ),
        sa.CheckConstraint(
            "hold_minutes > 0", name=op.f("ck_booking_settings_hold_minutes_above_zero")
        ),
        sa.CheckConstraint(
            "notice_minutes >= 0", name=op.f("ck_booking_settings_notice_minutes_at_least_0")
        ),
        sa.CheckConstraint(
            "offer_minutes > 0", name=op.f("ck_booking_settings_offer_minutes_above_zero")
        ),
        sa.CheckConstraint(
            "per_commune > 0", name=op.f("ck_booking_settings_per_commune_above_zero")
        ),
        sa.CheckConstraint(
            "per_visitor > 0", name=op.f("ck_booking_settings_per_visitor_above_zero")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_booking_settings_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_booking_settings")),
    )
    op.create_table(
        "communes",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("search_key", sa.String(), nullable=False),
        sa.Column("postal_codes", sa.String(), nullable=False),
        sa.Column("siren", sa.String(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("arrondissement", sa.String(), nullable=False),
        sa.Column("epci_siren", sa.String(), nullable=True),
        sa.CheckConstraint("population >= 0", name=op.f("ck_communes_population_at_least_0")),
        sa.ForeignKeyConstraint(
            ["epci_siren"], ["epcis.siren"], name=op.f("fk_communes_epci_siren_epcis")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_communes")),
    )
    with op.batch_alter_table("communes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_communes_search_key"), ["search_key"], unique=False)

    op.create_table(
        "data_releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_data_releases_number_above_zero")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_data_releases_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_releases")),
        sa.UniqueConstraint(
            "edition_id", "number", name=op.f("uq_data_releases_edition_id_number")
        ),
    )
    op.create_table(
        "data_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("row_count >= 0", name=op.f("ck_data_files_row_count_at_least_0")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_data_files_size_at_least_0")),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["data_releases.id"],
            name=op.f("fk_data_files_release_id_data_releases"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_files")),
        sa.UniqueConstraint("release_id", "name", name=op.f("uq_data_files_release_id_name")),
    )
    op.create_table(
        "edition_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("opens < closes", name=op.f("ck_edition_days_opens_before_closes")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_edition_days_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_days")),
        sa.UniqueConstraint("edition_id", "day_on", name=op.f("uq_edition_days_edition_id_day_on")),
    )
    op.create_table(
        "entrance_settings",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lets_unknown_in", sa.Boolean(), nullable=False),
        sa.Column("kiosk_pin_salt", sa.String(), nullable=False),
        sa.Column("kiosk_pin_hash", sa.String(), nullable=False),
        sa.Column("kiosk_prints", sa.Boolean(), nullable=False),
        sa.Column("urgent_numbers", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_entrance_settings_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_entrance_settings")),
    )
    op.create_table(
        "exhibitor_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("applications_open_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applications_close_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by_on", sa.Date(), nullable=False),
        sa.Column("minimum_area", sa.Integer(), nullable=False),
        sa.Column("maximum_area", sa.Integer(), nullable=False),
        sa.Column("offer_days", sa.Integer(), nullable=False),
        sa.Column("payment_days", sa.Integer(), nullable=False),
        sa.Column("badges_base", sa.Integer(), nullable=False),
        sa.Column("badges_base_area", sa.Integer(), nullable=False),
        sa.Column("badges_area_step", sa.Integer(), nullable=False),
        sa.Column("deadlines", sa.JSON(), nullable=False),
        sa.Column("set_up", sa.String(), nullable=False),
        sa.Column("dismantling", sa.String(), nullable=False),
        sa.Column("to_bring", sa.JSON(), nullable=False),
        sa.Column("guide", sa.JSON(), nullable=False),
        sa.Column("regulations", sa.JSON(), nullable=False),
        sa.Column("regulations_dated_on", sa.Date(), nullable=True),
        sa.Column("seller", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "0 < minimum_area AND minimum_area <= maximum_area",
            name=op.f("ck_exhibitor_terms_areas_in_order"),
        ),
        sa.CheckConstraint(
            "badges_area_step > 0", name=op.f("ck_exhibitor_terms_badges_area_step_above_zero")
        ),
        sa.CheckConstraint(
            "badges_base_area >= 0", name=op.f("ck_exhibitor_terms_badges_base_area_at_least_0")
        ),
        sa.CheckConstraint(
            "badges_base >= 0", name=op.f("ck_exhibitor_terms_badges_base_at_least_0")
        ),
        sa.CheckConstraint("offer_days > 0", name=op.f("ck_exhibitor_terms_offer_days_above_zero")),
        sa.CheckConstraint(
            "applications_open_at < applications_close_at",
            name=op.f("ck_exhibitor_terms_opens_before_closing"),
        ),
        sa.CheckConstraint(
            "payment_days >= 0", name=op.f("ck_exhibitor_terms_payment_days_at_least_0")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_exhibitor_terms_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibitor_terms")),
        sa.UniqueConstraint("edition_id", name=op.f("uq_exhibitor_terms_edition_id")),
    )
    op.create_table(
        "added_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("terms_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "stand_category",
            sa.Enum(
                "standard",
                "premium",
                "bare",
                name="standcategory",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column(
            "expects",
            sa.Enum(
                "tick",
                "text",
                "document",
                name="answerkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint("rank >= 0", name=op.f("ck_added_tasks_rank_at_least_0")),
        sa.ForeignKeyConstraint(
            ["terms_id"],
            ["exhibitor_terms.id"],
            name=op.f("fk_added_tasks_terms_id_exhibitor_terms"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_added_tasks")),
    )
    with op.batch_alter_table("added_tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_added_tasks_terms_id"), ["terms_id"], unique=False)

    op.create_table(
        "groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("contact_email", sa.String(), nullable=False),
        sa.Column("private_token", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_groups_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("private_token", name=op.f("uq_groups_private_token")),
    )
    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_groups_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "halls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("width", sa.Double(), nullable=False),
        sa.Column("depth", sa.Double(), nullable=False),
        sa.Column("area", sa.Double(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("aisle", sa.Double(), nullable=False),
        sa.Column("power_kw", sa.Integer(), nullable=False),
        sa.Column("has_water", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("aisle >= 0", name=op.f("ck_halls_aisle_at_least_0")),
        sa.CheckConstraint("area > 0", name=op.f("ck_halls_area_above_zero")),
        sa.CheckConstraint("depth > 0", name=op.f("ck_halls_depth_above_zero")),
        sa.CheckConstraint("power_kw >= 0", name=op.f("ck_halls_power_kw_at_least_0")),
        sa.CheckConstraint("width > 0", name=op.f("ck_halls_width_above_zero")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_halls_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_halls")),
        sa.UniqueConstraint("edition_id", "name", name=op.f("uq_halls_edition_id_name")),
    )
    op.create_table(
        "kept_figures",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('total', 'category', 'epci', 'door', 'quarter')",
            name=op.f("ck_kept_figures_known_kind"),
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_kept_figures_value_at_least_0")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_kept_figures_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("edition_id", "kind", "label", name=op.f("pk_kept_figures")),
    )
    op.create_table(
        "paper_packs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "day_before",
                "two_hours_before",
                "asked",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("planned_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                "accepted",
                "discarded",
                name="jobstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_paper_packs_attempts_at_least_0")),
        sa.CheckConstraint("done >= 0", name=op.f("ck_paper_packs_done_at_least_0")),
        sa.CheckConstraint("pages >= 0", name=op.f("ck_paper_packs_pages_at_least_0")),
        sa.CheckConstraint("total >= 0", name=op.f("ck_paper_packs_total_at_least_0")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_paper_packs_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_packs")),
    )
    with op.batch_alter_table("paper_packs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_packs_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index("uq_paper_packs_planned", ["reason", "planned_for"], unique=True)

    op.create_table(
        "plan_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                "accepted",
                "discarded",
                name="jobstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hall_versions", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_plan_proposals_attempts_at_least_0")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_plan_proposals_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_proposals")),
    )
    with op.batch_alter_table("plan_proposals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_plan_proposals_edition_id"), ["edition_id"], unique=False
        )

    op.create_table(
        "price_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "area",
                "corner",
                "power",
                "water",
                "co_exhibitor",
                "option",
                name="priceunit",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("unit_price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("price_category", sa.String(), nullable=False),
        sa.Column("power_kw", sa.Integer(), nullable=False),
        sa.Column("extra_badges", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_price_items_price_not_negative")),
        sa.CheckConstraint(
            "extra_badges >= 0", name=op.f("ck_price_items_extra_badges_at_least_0")
        ),
        sa.CheckConstraint(
            "price_category IN ('standard', 'premium', 'bare', '')",
            name=op.f("ck_price_items_known_price_category"),
        ),
        sa.CheckConstraint("maximum > 0", name=op.f("ck_price_items_maximum_above_zero")),
        sa.CheckConstraint("power_kw >= 0", name=op.f("ck_price_items_power_kw_at_least_0")),
        sa.CheckConstraint("rank >= 0", name=op.f("ck_price_items_rank_at_least_0")),
        sa.CheckConstraint(
            "vat_rate BETWEEN 0 AND 100", name=op.f("ck_price_items_vat_rate_in_percent")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_price_items_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_items")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_price_items_edition_id_code")),
    )
    op.create_table(
        "print_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                "accepted",
                "discarded",
                name="jobstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_print_runs_attempts_at_least_0")),
        sa.CheckConstraint("done >= 0", name=op.f("ck_print_runs_done_at_least_0")),
        sa.CheckConstraint(
            "layout IN ('a4', 'a6', '62mm', '102x152')", name=op.f("ck_print_runs_known_layout")
        ),
        sa.CheckConstraint("total >= 0", name=op.f("ck_print_runs_total_at_least_0")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_print_runs_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_runs")),
    )
    with op.batch_alter_table("print_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_print_runs_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "registration_settings",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.CheckConstraint("places > 0", name=op.f("ck_registration_settings_places_above_zero")),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["editions.id"],
            name=op.f("fk_registration_settings_edition_id_editions"),
        ),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_registration_settings")),
    )
    op.create_table(
        "text_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_text_versions_number_above_zero")),
        sa.CheckConstraint(
            "subject IN ('newsletter', 'photo', 'privacy')",
            name=op.f("ck_text_versions_known_subject"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_text_versions_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_versions")),
        sa.UniqueConstraint(
            "edition_id",
            "subject",
            "number",
            name=op.f("uq_text_versions_edition_id_subject_number"),
        ),
    )
    op.create_table(
        "rooms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.CheckConstraint("seats > 0", name=op.f("ck_rooms_seats_above_zero")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_rooms_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("edition_id", "name", name=op.f("uq_rooms_edition_id_name")),
    )
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.CheckConstraint("changes >= 0", name=op.f("ck_publications_changes_at_least_0")),
        sa.CheckConstraint("number > 0", name=op.f("ck_publications_number_above_zero")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_publications_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_publications_edition_id_number")),
    )
    op.create_table(
        "rota_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                "accepted",
                "discarded",
                name="jobstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("effort", sa.String(), nullable=False),
        sa.Column("keeps_draft", sa.Boolean(), nullable=False),
        sa.Column("stop_asked", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent_versions", sa.JSON(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_rota_runs_attempts_at_least_0")),
        sa.CheckConstraint("effort IN ('quick', 'full')", name=op.f("ck_rota_runs_known_effort")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_rota_runs_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_runs")),
    )
    with op.batch_alter_table("rota_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rota_runs_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "rotas",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before_minutes", sa.Integer(), nullable=False),
        sa.Column("after_minutes", sa.Integer(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.CheckConstraint("after_minutes >= 0", name=op.f("ck_rotas_after_minutes_at_least_0")),
        sa.CheckConstraint("before_minutes >= 0", name=op.f("ck_rotas_before_minutes_at_least_0")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_rotas_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_rotas")),
    )
    op.create_table(
        "read_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_read_tokens_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_read_tokens_token_hash")),
    )
    with op.batch_alter_table("read_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_read_tokens_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "stations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "scanner",
                "desk",
                "kiosk",
                "printer",
                "paper",
                name="stationkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_stations_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_stations_token_hash")),
    )
    with op.batch_alter_table("stations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stations_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.CheckConstraint("rank >= 0", name=op.f("ck_topics_rank_at_least_0")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_topics_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("edition_id", "slug", name=op.f("uq_topics_edition_id_slug")),
    )
    op.create_table(
        "paper_pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("badge_ids", sa.JSON(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_paper_pages_number_above_zero")),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["paper_packs.id"], name=op.f("fk_paper_pages_pack_id_paper_packs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_pages")),
        sa.UniqueConstraint("pack_id", "number", name=op.f("uq_paper_pages_pack_id_number")),
    )
    op.create_table(
        "rights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column(
            "domain",
            sa.Enum(
                "all",
                "fair",
                "exhibitors",
                "money",
                "registrations",
                "welcome",
                "village",
                "appointments",
                "messages",
                "reading",
                name="domain",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(domain = 'all') = (edition_id IS NULL)",
            name=op.f("ck_rights_all_is_for_every_edition"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_rights_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_rights_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights")),
        sa.UniqueConstraint(
            "account_id",
            "edition_id",
            "domain",
            name=op.f("uq_rights_account_id_edition_id_domain"),
        ),
    )
    with op.batch_alter_table("rights", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rights_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(
            "uq_rights_all",
            ["account_id"],
            unique=True,
            sqlite_where=sa.text("edition_id IS NULL"),
            postgresql_where=sa.text("edition_id IS NULL"),
        )

    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("id_token", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (station_id IS NULL)", name=op.f("ck_sign_ins_one_owner")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["stations.id"], name=op.f("fk_sign_ins_station_id_stations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_ins_station_id"), ["station_id"], unique=False)

    op.create_table(
        "kept_forms",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_kept_forms_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_kept_forms")),
    )
    op.create_table(
        "single_use_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('sign_in', 'set_up', 'enrolment', 'lost', 'recovery', 'first_day')",
            name=op.f("ck_single_use_codes_known_purpose"),
        ),
        sa.CheckConstraint(
            "account_id IS NULL OR station_id IS NULL",
            name=op.f("ck_single_use_codes_one_owner_at_most"),
        ),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_single_use_codes_tries_at_least_0")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_single_use_codes_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["stations.id"], name=op.f("fk_single_use_codes_station_id_stations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_single_use_codes")),
    )
    with op.batch_alter_table("single_use_codes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_single_use_codes_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_single_use_codes_browser"), ["browser"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_single_use_codes_code_hash"), ["code_hash"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_single_use_codes_station_id"), ["station_id"], unique=False
        )

    op.create_table(
        "stands",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("hall_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("width", sa.Double(), nullable=False),
        sa.Column("depth", sa.Double(), nullable=False),
        sa.Column("power_kw", sa.Integer(), nullable=False),
        sa.Column("has_water", sa.Boolean(), nullable=False),
        sa.Column("is_accessible", sa.Boolean(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "standard",
                "premium",
                "bare",
                name="standcategory",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("depth > 0", name=op.f("ck_stands_depth_above_zero")),
        sa.CheckConstraint("x > -0.01 AND y > -0.01", name=op.f("ck_stands_inside_the_walls")),
        sa.CheckConstraint("power_kw >= 0", name=op.f("ck_stands_power_kw_at_least_0")),
        sa.CheckConstraint("width > 0", name=op.f("ck_stands_width_above_zero")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_stands_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_stands_hall_id_halls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stands")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_stands_edition_id_number")),
    )
    op.create_table(
        "station_reports",
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("to_check", sa.Integer(), nullable=False),
        sa.Column("clock_offset_ms", sa.Integer(), nullable=True),
        sa.Column("battery", sa.Integer(), nullable=True),
        sa.Column("is_charging", sa.Boolean(), nullable=True),
        sa.Column("storage_left", sa.BigInteger(), nullable=True),
        sa.Column("is_persisted", sa.Boolean(), nullable=True),
        sa.Column("list_serial", sa.Integer(), nullable=False),
        sa.Column("pages_version", sa.String(), nullable=False),
        sa.CheckConstraint(
            "battery BETWEEN 0 AND 100", name=op.f("ck_station_reports_battery_in_percent")
        ),
        sa.CheckConstraint(
            "list_serial >= 0", name=op.f("ck_station_reports_list_serial_at_least_0")
        ),
        sa.CheckConstraint(
            "storage_left >= 0", name=op.f("ck_station_reports_storage_left_at_least_0")
        ),
        sa.CheckConstraint("to_check >= 0", name=op.f("ck_station_reports_to_check_at_least_0")),
        sa.CheckConstraint("waiting >= 0", name=op.f("ck_station_reports_waiting_at_least_0")),
        sa.ForeignKeyConstraint(
            ["station_id"], ["stations.id"], name=op.f("fk_station_reports_station_id_stations")
        ),
        sa.PrimaryKeyConstraint("station_id", name=op.f("pk_station_reports")),
    )
    op.create_table(
        "exhibitors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("stand_id", sa.Integer(), nullable=True),
        sa.Column("private_token", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "changes_asked",
                "waiting",
                "offered",
                "accepted",
                "refused",
                "withdrawn",
                name="applicationstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("status_reason", sa.String(), nullable=False),
        sa.Column("offer_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_regulations_on", sa.Date(), nullable=True),
        sa.Column("status_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("siret", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("foreign_number", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "company",
                "association",
                "public_body",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("legal_name", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("activity", sa.String(), nullable=False),
        sa.Column("vat_number", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column(
            "sector",
            sa.Enum(
                "roads",
                "water",
                "energy",
                "building",
                "town_planning",
                "digital",
                "waste",
                "mobility",
                "green_spaces",
                "safety",
                "education",
                "finance",
                "public",
                name="sector",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("presentation", sa.String(), nullable=False),
        sa.Column("search_key", sa.String(), nullable=False),
        sa.Column("logo_file", sa.String(), nullable=False),
        sa.Column("area", sa.Integer(), nullable=False),
        sa.Column("wants_corner", sa.Boolean(), nullable=False),
        sa.Column("wants_water", sa.Boolean(), nullable=False),
        sa.Column("power_kw", sa.Integer(), nullable=False),
        sa.Column("wished_hall_id", sa.Integer(), nullable=True),
        sa.Column("near", sa.JSON(), nullable=False),
        sa.Column("apart", sa.JSON(), nullable=False),
        sa.Column("wish_note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(status = 'offered') = (offer_expires_at IS NOT NULL)",
            name=op.f("ck_exhibitors_offer_has_an_end"),
        ),
        sa.CheckConstraint(
            "stand_id IS NULL OR status = 'accepted'",
            name=op.f("ck_exhibitors_stand_when_accepted"),
        ),
        sa.CheckConstraint("area >= 0", name=op.f("ck_exhibitors_area_at_least_0")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_exhibitors_not_its_own_member")),
        sa.CheckConstraint("power_kw >= 0", name=op.f("ck_exhibitors_power_kw_at_least_0")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_exhibitors_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["exhibitors.id"], name=op.f("fk_exhibitors_parent_id_exhibitors")
        ),
        sa.ForeignKeyConstraint(
            ["stand_id"], ["stands.id"], name=op.f("fk_exhibitors_stand_id_stands")
        ),
        sa.ForeignKeyConstraint(
            ["wished_hall_id"], ["halls.id"], name=op.f("fk_exhibitors_wished_hall_id_halls")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibitors")),
        sa.UniqueConstraint("edition_id", "slug", name=op.f("uq_exhibitors_edition_id_slug")),
        sa.UniqueConstraint("private_token", name=op.f("uq_exhibitors_private_token")),
    )
    with op.batch_alter_table("exhibitors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitors_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_exhibitors_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exhibitors_siret"), ["siret"], unique=False)
        batch_op.create_index("ix_exhibitors_status", ["edition_id", "status"], unique=False)
        batch_op.create_index("uq_exhibitors_stand_id", ["stand_id"], unique=True)

    op.create_table(
        "needs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stand_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("wished", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "0 <= minimum AND minimum <= wished AND wished <= maximum",
            name=op.f("ck_needs_in_order"),
        ),
        sa.CheckConstraint(
            "mod(extract(epoch FROM starts_at), 1800) = 0",
            name=op.f("ck_needs_starts_at_on_the_grid"),
        ).ddl_if(dialect="postgresql"),
        sa.CheckConstraint(
            "strftime('%s', starts_at) % 1800 = 0 AND strftime('%f', starts_at) LIKE '%.000'",
            name=op.f("ck_needs_starts_at_on_the_grid"),
        ).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["stand_id"], ["stands.id"], name=op.f("fk_needs_stand_id_stands")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
        sa.UniqueConstraint("stand_id", "starts_at", name=op.f("uq_needs_stand_id_starts_at")),
    )
    op.create_table(
        "partner_bodies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("stand_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("topics", sa.String(), nullable=False),
        sa.Column("presentation", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("rank >= 0", name=op.f("ck_partner_bodies_rank_at_least_0")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_partner_bodies_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["stand_id"], ["stands.id"], name=op.f("fk_partner_bodies_stand_id_stands")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_bodies")),
        sa.UniqueConstraint("edition_id", "slug", name=op.f("uq_partner_bodies_edition_id_slug")),
    )
    with op.batch_alter_table("partner_bodies", schema=None) as batch_op:
        batch_op.create_index(
            "uq_partner_bodies_stand_id",
            ["stand_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "stand_bookings",
        sa.Column("stand_id", sa.Integer(), nullable=False),
        sa.Column("kept_free", sa.Integer(), nullable=False),
        sa.CheckConstraint("kept_free >= 0", name=op.f("ck_stand_bookings_kept_free_at_least_0")),
        sa.ForeignKeyConstraint(
            ["stand_id"], ["stands.id"], name=op.f("fk_stand_bookings_stand_id_stands")
        ),
        sa.PrimaryKeyConstraint("stand_id", name=op.f("pk_stand_bookings")),
    )
    op.create_table(
        "zones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "fair",
                "conference",
                "lounge",
                "stand",
                name="zonekind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("admits", sa.JSON(), nullable=False),
        sa.Column("is_vip_only", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("early_admits", sa.JSON(), nullable=False),
        sa.Column("early_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_strict", sa.Boolean(), nullable=False),
        sa.Column("stand_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_zones_some_capacity")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_zones_opens_before_closing")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_zones_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(["stand_id"], ["stands.id"], name=op.f("fk_zones_stand_id_stands")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zones")),
        sa.UniqueConstraint("edition_id", "label", name=op.f("uq_zones_edition_id_label")),
        sa.UniqueConstraint("stand_id", name=op.f("uq_zones_stand_id")),
    )
    with op.batch_alter_table("zones", schema=None) as batch_op:
        batch_op.create_index(
            "uq_zones_fair",
            ["edition_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'fair'"),
            postgresql_where=sa.text("kind = 'fair'"),
        )

    op.create_table(
        "agents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rota_version", sa.Integer(), nullable=False),
        sa.Column("civility", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("is_coordinator", sa.Boolean(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("needs_note", sa.String(), nullable=False),
        sa.Column("arrives_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("calendar_token", sa.String(), nullable=False),
        sa.Column("eve_told_on", sa.Date(), nullable=True),
        sa.Column("next_edition_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("arrives_at < leaves_at", name=op.f("ck_agents_arrives_before_leaving")),
        sa.CheckConstraint(
            "civility IN ('madame', 'monsieur', '')", name=op.f("ck_agents_known_civility")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_agents_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["partner_bodies.id"], name=op.f("fk_agents_body_id_partner_bodies")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_agents_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agents")),
        sa.UniqueConstraint("calendar_token", name=op.f("uq_agents_calendar_token")),
    )
    with op.batch_alter_table("agents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agents_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agents_body_id"), ["body_id"], unique=False)
        batch_op.create_index(
            "uq_agents_email",
            ["edition_id", "email_key"],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )

    op.create_table(
        "billing_details",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("siret", sa.String(), nullable=False),
        sa.Column("vat_number", sa.String(), nullable=False),
        sa.Column("engagement_number", sa.String(), nullable=False),
        sa.Column("service_code", sa.String(), nullable=False),
        sa.Column("purchase_order", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"],
            ["exhibitors.id"],
            name=op.f("fk_billing_details_exhibitor_id_exhibitors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_details")),
        sa.UniqueConstraint("exhibitor_id", name=op.f("uq_billing_details_exhibitor_id")),
    )
    op.create_table(
        "co_exhibitors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("presentation", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"],
            ["exhibitors.id"],
            name=op.f("fk_co_exhibitors_exhibitor_id_exhibitors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_exhibitors")),
    )
    with op.batch_alter_table("co_exhibitors", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_co_exhibitors_exhibitor_id"), ["exhibitor_id"], unique=False
        )

    op.create_table(
        "doors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("admits", sa.JSON(), nullable=False),
        sa.Column("zone_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_doors_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zones.id"], name=op.f("fk_doors_zone_id_zones")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doors")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_doors_edition_id_code")),
    )
    with op.batch_alter_table("doors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_doors_zone_id"), ["zone_id"], unique=False)

    op.create_table(
        "exhibitor_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "main",
                "billing",
                "on_site",
                name="contactkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("civility", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.CheckConstraint(
            "civility IN ('madame', 'monsieur', '')",
            name=op.f("ck_exhibitor_contacts_known_civility"),
        ),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"],
            ["exhibitors.id"],
            name=op.f("fk_exhibitor_contacts_exhibitor_id_exhibitors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibitor_contacts")),
        sa.UniqueConstraint(
            "exhibitor_id", "kind", name=op.f("uq_exhibitor_contacts_exhibitor_id_kind")
        ),
    )
    with op.batch_alter_table("exhibitor_contacts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exhibitor_contacts_email_key"), ["email_key"], unique=False
        )

    op.create_table(
        "exhibitor_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "contract",
                "insurance",
                "purchase_order",
                "materials",
                "other",
                name="documentkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stored_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "accepted",
                "refused",
                name="documentstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("size >= 0", name=op.f("ck_exhibitor_documents_size_at_least_0")),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"],
            ["exhibitors.id"],
            name=op.f("fk_exhibitor_documents_exhibitor_id_exhibitors"),
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["added_tasks.id"],
            name=op.f("fk_exhibitor_documents_task_id_added_tasks"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibitor_documents")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_exhibitor_documents_stored_name")),
    )
    with op.batch_alter_table("exhibitor_documents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exhibitor_documents_exhibitor_id"), ["exhibitor_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_exhibitor_documents_task_id"), ["task_id"], unique=False
        )

    op.create_table(
        "task_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"],
            ["exhibitors.id"],
            name=op.f("fk_task_answers_exhibitor_id_exhibitors"),
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["added_tasks.id"], name=op.f("fk_task_answers_task_id_added_tasks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_answers")),
        sa.UniqueConstraint(
            "exhibitor_id", "task_id", name=op.f("uq_task_answers_exhibitor_id_task_id")
        ),
    )
    with op.batch_alter_table("task_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_answers_task_id"), ["task_id"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("quota > 0", name=op.f("ck_invitations_quota_above_zero")),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitors.id"], name=op.f("fk_invitations_exhibitor_id_exhibitors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("code", name=op.f("uq_invitations_code")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invitations_exhibitor_id"), ["exhibitor_id"], unique=False
        )

    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitors.id"], name=op.f("fk_reminders_exhibitor_id_exhibitors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint(
            "exhibitor_id", "subject", "step", name=op.f("uq_reminders_exhibitor_id_subject_step")
        ),
    )
    op.create_table(
        "safety_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("overrides", sa.JSON(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"],
            ["exhibitors.id"],
            name=op.f("fk_safety_forms_exhibitor_id_exhibitors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_forms")),
        sa.UniqueConstraint("exhibitor_id", name=op.f("uq_safety_forms_exhibitor_id")),
    )
    op.create_table(
        "sales_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "quote",
                "order",
                "invoice",
                "credit_note",
                name="saleskind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("from_id", sa.Integer(), nullable=True),
        sa.Column("cancels_id", sa.Integer(), nullable=True),
        sa.Column("seller", sa.JSON(), nullable=False),
        sa.Column("buyer", sa.JSON(), nullable=False),
        sa.Column("engagement_number", sa.String(), nullable=False),
        sa.Column("service_code", sa.String(), nullable=False),
        sa.Column("purchase_order", sa.String(), nullable=False),
        sa.Column("service_done_on", sa.Date(), nullable=True),
        sa.Column("net", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("vat", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("gross", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "cancels_id IS NULL OR kind = 'credit_note'",
            name=op.f("ck_sales_documents_credit_notes_cancel"),
        ),
        sa.CheckConstraint("gross >= 0", name=op.f("ck_sales_documents_gross_at_least_0")),
        sa.CheckConstraint("line_count > 0", name=op.f("ck_sales_documents_line_count_above_zero")),
        sa.CheckConstraint(
            "round(net + vat - gross, 2) = 0",
            name=op.f("ck_sales_documents_net_and_vat_make_gross"),
        ),
        sa.CheckConstraint("net >= 0", name=op.f("ck_sales_documents_net_at_least_0")),
        sa.CheckConstraint("number > 0", name=op.f("ck_sales_documents_number_above_zero")),
        sa.CheckConstraint("vat >= 0", name=op.f("ck_sales_documents_vat_at_least_0")),
        sa.ForeignKeyConstraint(
            ["cancels_id"],
            ["sales_documents.id"],
            name=op.f("fk_sales_documents_cancels_id_sales_documents"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_sales_documents_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"],
            ["exhibitors.id"],
            name=op.f("fk_sales_documents_exhibitor_id_exhibitors"),
        ),
        sa.ForeignKeyConstraint(
            ["from_id"],
            ["sales_documents.id"],
            name=op.f("fk_sales_documents_from_id_sales_documents"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_documents")),
        sa.UniqueConstraint("cancels_id", name=op.f("uq_sales_documents_cancels_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_sales_documents_reference")),
        sa.UniqueConstraint("series", "number", name=op.f("uq_sales_documents_series_number")),
    )
    with op.batch_alter_table("sales_documents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sales_documents_edition_id"), ["edition_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_sales_documents_exhibitor_id"), ["exhibitor_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_sales_documents_from_id"), ["from_id"], unique=False)

    op.create_table(
        "themes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("rank >= 0", name=op.f("ck_themes_rank_at_least_0")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["partner_bodies.id"], name=op.f("fk_themes_body_id_partner_bodies")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_themes_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
        sa.UniqueConstraint("edition_id", "slug", name=op.f("uq_themes_edition_id_slug")),
    )
    op.create_table(
        "programme_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("speakers", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "starts_at < ends_at", name=op.f("ck_programme_items_starts_before_ending")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_programme_items_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name=op.f("fk_programme_items_room_id_rooms")
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["themes.id"], name=op.f("fk_programme_items_theme_id_themes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_items")),
    )
    with op.batch_alter_table("programme_items", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_programme_items_edition_id"), ["edition_id"], unique=False
        )

    op.create_table(
        "fair_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stored_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(theme_id IS NULL) <> (item_id IS NULL)", name=op.f("ck_fair_files_of_theme_or_item")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_fair_files_size_above_zero")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_fair_files_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["programme_items.id"], name=op.f("fk_fair_files_item_id_programme_items")
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["themes.id"], name=op.f("fk_fair_files_theme_id_themes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fair_files")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_fair_files_stored_name")),
    )
    with op.batch_alter_table("fair_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fair_files_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fair_files_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fair_files_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "wanted_options",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("price_item_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_wanted_options_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"],
            ["exhibitors.id"],
            name=op.f("fk_wanted_options_exhibitor_id_exhibitors"),
        ),
        sa.ForeignKeyConstraint(
            ["price_item_id"],
            ["price_items.id"],
            name=op.f("fk_wanted_options_price_item_id_price_items"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wanted_options")),
        sa.UniqueConstraint(
            "exhibitor_id",
            "price_item_id",
            name=op.f("uq_wanted_options_exhibitor_id_price_item_id"),
        ),
    )
    with op.batch_alter_table("wanted_options", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_wanted_options_price_item_id"), ["price_item_id"], unique=False
        )

    op.create_table(
        "agent_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "unavailable",
                "avoided",
                name="periodkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "starts_at < ends_at", name=op.f("ck_agent_periods_starts_before_ending")
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agents.id"],
            name=op.f("fk_agent_periods_agent_id_agents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_periods")),
        sa.UniqueConstraint(
            "agent_id",
            "starts_at",
            "ends_at",
            name=op.f("uq_agent_periods_agent_id_starts_at_ends_at"),
        ),
    )
    op.create_table(
        "agent_stands",
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("stand_id", sa.Integer(), nullable=False),
        sa.Column("is_wished", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agents.id"],
            name=op.f("fk_agent_stands_agent_id_agents"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["stand_id"], ["stands.id"], name=op.f("fk_agent_stands_stand_id_stands")
        ),
        sa.PrimaryKeyConstraint("agent_id", "stand_id", name=op.f("pk_agent_stands")),
    )
    with op.batch_alter_table("agent_stands", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agent_stands_stand_id"), ["stand_id"], unique=False)

    op.create_table(
        "agent_themes",
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agents.id"],
            name=op.f("fk_agent_themes_agent_id_agents"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["themes.id"], name=op.f("fk_agent_themes_theme_id_themes")
        ),
        sa.PrimaryKeyConstraint("agent_id", "theme_id", name=op.f("pk_agent_themes")),
    )
    with op.batch_alter_table("agent_themes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agent_themes_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "attendees",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("civility", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("sound_key", sa.String(), nullable=False),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column("function_other", sa.String(), nullable=False),
        sa.Column("commune_code", sa.String(), nullable=True),
        sa.Column("epci_siren", sa.String(), nullable=True),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("half_day", sa.String(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("needs_note", sa.String(), nullable=False),
        sa.Column("is_vip", sa.Boolean(), nullable=False),
        sa.Column("notice_version", sa.String(), nullable=False),
        sa.Column("registered_by", sa.String(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status IN ('registered', 'cancelled', 'replaced', 'erased')",
            name=op.f("ck_attendees_known_status"),
        ),
        sa.CheckConstraint(
            "category IN ('visitor', 'elected', 'exhibitor', 'agent', 'organiser', 'press', "
            "'guest')",
            name=op.f("ck_attendees_known_category"),
        ),
        sa.CheckConstraint(
            "civility IN ('madame', 'monsieur', '')", name=op.f("ck_attendees_known_civility")
        ),
        sa.CheckConstraint(
            "function IN ('mayor', 'delegate_mayor', 'deputy_mayor', 'councillor', "
            "'epci_president', 'epci_vice_president', 'departmental_councillor', "
            "'regional_councillor', 'member_of_parliament', 'other_elected', 'chief_executive',"
            " 'deputy_chief_executive', 'technical_director', 'director', 'town_clerk', "
            "'head_of_service', 'officer', 'technician', 'municipal_police', 'other')",
            name=op.f("ck_attendees_known_function"),
        ),
        sa.CheckConstraint(
            "half_day IN ('morning', 'afternoon', 'whole_day')",
            name=op.f("ck_attendees_known_half_day"),
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_attendees_agent_id_agents")
        ),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["communes.code"], name=op.f("fk_attendees_commune_code_communes")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_attendees_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["epci_siren"], ["epcis.siren"], name=op.f("fk_attendees_epci_siren_epcis")
        ),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitors.id"], name=op.f("fk_attendees_exhibitor_id_exhibitors")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_attendees_group_id_groups")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_attendees_invitation_id_invitations"),
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["attendees.id"], name=op.f("fk_attendees_replaced_by_id_attendees")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendees")),
    )
    with op.batch_alter_table("attendees", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendees_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendees_category"), ["category"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_attendees_commune_code"), ["commune_code"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_attendees_email_key"), ["email_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendees_epci_siren"), ["epci_siren"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_attendees_exhibitor_id"), ["exhibitor_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_attendees_group_id"), ["group_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_attendees_invitation_id"), ["invitation_id"], unique=False
        )
        batch_op.create_index("ix_attendees_name", ["edition_id", "name_key"], unique=False)
        batch_op.create_index(
            "ix_attendees_sound", ["edition_id", "sound_key", "name_key"], unique=False
        )
        batch_op.create_index(
            "uq_attendees_agent",
            ["agent_id"],
            unique=True,
            sqlite_where=sa.text("status = 'registered'"),
            postgresql_where=sa.text("status = 'registered'"),
        )
        batch_op.create_index(
            "uq_attendees_person",
            ["edition_id", "email_key", "name_key"],
            unique=True,
            sqlite_where=sa.text(
                "status = 'registered' AND exhibitor_id IS NULL AND agent_id IS NULL"
            ),
            postgresql_where=sa.text(
                "status = 'registered' AND exhibitor_id IS NULL AND agent_id IS NULL"
            ),
        )
        batch_op.create_index(
            "uq_attendees_staff",
            ["exhibitor_id", "email_key", "name_key"],
            unique=True,
            sqlite_where=sa.text("status = 'registered'"),
            postgresql_where=sa.text("status = 'registered'"),
        )

    op.create_table(
        "organisation_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=True),
        sa.Column("commune_code", sa.String(), nullable=True),
        sa.Column("epci_siren", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_hash", sa.String(), nullable=False),
        sa.Column("private_token", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN exhibitor_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN commune_code IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN epci_siren IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_organisation_invitations_one_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["commune_code"],
            ["communes.code"],
            name=op.f("fk_organisation_invitations_commune_code_communes"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["editions.id"],
            name=op.f("fk_organisation_invitations_edition_id_editions"),
        ),
        sa.ForeignKeyConstraint(
            ["epci_siren"],
            ["epcis.siren"],
            name=op.f("fk_organisation_invitations_epci_siren_epcis"),
        ),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"],
            ["exhibitors.id"],
            name=op.f("fk_organisation_invitations_exhibitor_id_exhibitors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_invitations")),
        sa.UniqueConstraint(
            "edition_id",
            "commune_code",
            name=op.f("uq_organisation_invitations_edition_id_commune_code"),
        ),
        sa.UniqueConstraint(
            "edition_id",
            "epci_siren",
            name=op.f("uq_organisation_invitations_edition_id_epci_siren"),
        ),
        sa.UniqueConstraint(
            "edition_id",
            "exhibitor_id",
            name=op.f("uq_organisation_invitations_edition_id_exhibitor_id"),
        ),
        sa.UniqueConstraint(
            "private_token", name=op.f("uq_organisation_invitations_private_token")
        ),
    )
    with op.batch_alter_table("organisation_invitations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organisation_invitations_commune_code"), ["commune_code"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_organisation_invitations_edition_id"), ["edition_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_organisation_invitations_email_hash"), ["email_hash"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_organisation_invitations_epci_siren"), ["epci_siren"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_organisation_invitations_exhibitor_id"), ["exhibitor_id"], unique=False
        )

    op.create_table(
        "exhibitor_themes",
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"],
            ["exhibitors.id"],
            name=op.f("fk_exhibitor_themes_exhibitor_id_exhibitors"),
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["themes.id"], name=op.f("fk_exhibitor_themes_theme_id_themes")
        ),
        sa.PrimaryKeyConstraint("exhibitor_id", "theme_id", name=op.f("pk_exhibitor_themes")),
    )
    with op.batch_alter_table("exhibitor_themes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exhibitor_themes_theme_id"), ["theme_id"], unique=False
        )

    op.create_table(
        "need_themes",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_need_themes_need_id_needs"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["themes.id"], name=op.f("fk_need_themes_theme_id_themes")
        ),
        sa.PrimaryKeyConstraint("need_id", "theme_id", name=op.f("pk_need_themes")),
    )
    with op.batch_alter_table("need_themes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_themes_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "payments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "transfer",
                "cheque",
                "mandate",
                name="paymentmethod",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payments_amount_positive")),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["sales_documents.id"],
            name=op.f("fk_payments_document_id_sales_documents"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payments_document_id"), ["document_id"], unique=False)

    op.create_table(
        "sales_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "area",
                "corner",
                "power",
                "water",
                "co_exhibitor",
                "option",
                name="priceunit",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("net", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.CheckConstraint("net >= 0", name=op.f("ck_sales_lines_net_at_least_0")),
        sa.CheckConstraint(
            "abs(quantity * unit_price - net) < 0.006",
            name=op.f("ck_sales_lines_net_is_the_product"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_sales_lines_quantity_above_zero")),
        sa.CheckConstraint("rank > 0", name=op.f("ck_sales_lines_rank_above_zero")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_sales_lines_unit_price_at_least_0")),
        sa.CheckConstraint(
            "vat_rate BETWEEN 0 AND 100", name=op.f("ck_sales_lines_vat_rate_in_percent")
        ),
        sa.UniqueConstraint("document_id", "rank", name=op.f("uq_sales_lines_document_id_rank")),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["sales_documents.id"],
            name=op.f("fk_sales_lines_document_id_sales_documents"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_lines")),
    )
    with op.batch_alter_table("sales_lines", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sales_lines_document_id"), ["document_id"], unique=False
        )

    op.create_table(
        "shifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("stand_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "published",
                "withdrawn",
                name="shiftstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "by_hand",
                "proposed",
                "stand_in",
                "exchange",
                name="shiftorigin",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("uid", sa.String(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("absent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noted_by", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_shifts_starts_before_ending")),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_shifts_sequence_at_least_0")),
        sa.CheckConstraint(
            "status = 'draft' OR uid IS NOT NULL", name=op.f("ck_shifts_published_with_a_uid")
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_shifts_agent_id_agents")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_shifts_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_shifts_publication_id_publications"),
        ),
        sa.ForeignKeyConstraint(
            ["stand_id"], ["stands.id"], name=op.f("fk_shifts_stand_id_stands")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sa.UniqueConstraint("uid", name=op.f("uq_shifts_uid")),
    )
    with op.batch_alter_table("shifts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shifts_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(
            "ix_shifts_edition_status", ["edition_id", "status", "starts_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_shifts_publication_id"), ["publication_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_shifts_stand_id"), ["stand_id"], unique=False)

    op.create_table(
        "theme_bookings",
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_funding", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "minutes IN (15, 20, 30, 45)", name=op.f("ck_theme_bookings_known_minutes")
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"],
            ["themes.id"],
            name=op.f("fk_theme_bookings_theme_id_themes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("theme_id", name=op.f("pk_theme_bookings")),
    )
    op.create_table(
        "topic_themes",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.CheckConstraint("rank >= 0", name=op.f("ck_topic_themes_rank_at_least_0")),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["themes.id"], name=op.f("fk_topic_themes_theme_id_themes")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"],
            ["topics.id"],
            name=op.f("fk_topic_themes_topic_id_topics"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("topic_id", "theme_id", name=op.f("pk_topic_themes")),
    )
    with op.batch_alter_table("topic_themes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_themes_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "appointments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("stand_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("commune_code", sa.String(), nullable=True),
        sa.Column("epci_siren", sa.String(), nullable=True),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "booked",
                "to_choose",
                "met",
                "missed",
                "cancelled",
                name="appointmentstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("private_token", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("deadline", sa.String(), nullable=False),
        sa.Column("contact_email", sa.String(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_by", sa.String(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_hall_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "answered",
                "follow_up",
                "redirected",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("funding", sa.JSON(), nullable=False),
        sa.Column("eve_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hour_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("untended_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "starts_at < ends_at", name=op.f("ck_appointments_starts_before_ending")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_appointments_amount_at_least_0")),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_appointments_sequence_at_least_0")),
        sa.CheckConstraint(
            "mod(extract(epoch FROM starts_at), 300) = 0",
            name=op.f("ck_appointments_starts_at_on_the_grid"),
        ).ddl_if(dialect="postgresql"),
        sa.CheckConstraint(
            "strftime('%s', starts_at) % 300 = 0 AND strftime('%f', starts_at) LIKE '%.000'",
            name=op.f("ck_appointments_starts_at_on_the_grid"),
        ).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_appointments_agent_id_agents")
        ),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendees.id"], name=op.f("fk_appointments_attendee_id_attendees")
        ),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["communes.code"], name=op.f("fk_appointments_commune_code_communes")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_appointments_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["epci_siren"], ["epcis.siren"], name=op.f("fk_appointments_epci_siren_epcis")
        ),
        sa.ForeignKeyConstraint(
            ["stand_id"], ["stands.id"], name=op.f("fk_appointments_stand_id_stands")
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["themes.id"], name=op.f("fk_appointments_theme_id_themes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("private_token", name=op.f("uq_appointments_private_token")),
        sa.UniqueConstraint("uid", name=op.f("uq_appointments_uid")),
    )
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointments_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_appointments_attendee_id"), ["attendee_id"], unique=False
        )
        batch_op.create_index(
            "ix_appointments_commune_theme", ["commune_code", "theme_id"], unique=False
        )
        batch_op.create_index(
            "ix_appointments_edition_status", ["edition_id", "status", "starts_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_appointments_epci_siren"), ["epci_siren"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_appointments_stand_id"), ["stand_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointments_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "badges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("private_token", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendees.id"], name=op.f("fk_badges_attendee_id_attendees")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_badges_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badges")),
        sa.UniqueConstraint("code", name=op.f("uq_badges_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_badges_code_hash")),
        sa.UniqueConstraint("private_token", name=op.f("uq_badges_private_token")),
    )
    with op.batch_alter_table("badges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_badges_attendee_id"), ["attendee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_badges_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(
            "uq_badges_valid",
            ["attendee_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("text_version", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('newsletter', 'photo')", name=op.f("ck_consents_known_purpose")
        ),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendees.id"], name=op.f("fk_consents_attendee_id_attendees")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_attendee_id"), ["attendee_id"], unique=False)

    op.create_table(
        "exchanges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offered_shift_id", sa.Integer(), nullable=False),
        sa.Column("requested_shift_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_of_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "accepted",
                "refused",
                "withdrawn",
                "overtaken",
                name="exchangestatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "asked_by_id <> asked_of_id", name=op.f("ck_exchanges_between_two_agents")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["agents.id"], name=op.f("fk_exchanges_asked_by_id_agents")
        ),
        sa.ForeignKeyConstraint(
            ["asked_of_id"], ["agents.id"], name=op.f("fk_exchanges_asked_of_id_agents")
        ),
        sa.ForeignKeyConstraint(
            ["offered_shift_id"], ["shifts.id"], name=op.f("fk_exchanges_offered_shift_id_shifts")
        ),
        sa.ForeignKeyConstraint(
            ["requested_shift_id"],
            ["shifts.id"],
            name=op.f("fk_exchanges_requested_shift_id_shifts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges")),
    )
    with op.batch_alter_table("exchanges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exchanges_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exchanges_asked_of_id"), ["asked_of_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_exchanges_requested_shift_id"), ["requested_shift_id"], unique=False
        )
        batch_op.create_index(
            "uq_exchanges_open",
            ["offered_shift_id", "requested_shift_id"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.create_table(
        "leads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "interest",
            sa.Enum(
                "unsaid",
                "curious",
                "project",
                "urgent",
                name="interest",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("follow_up", sa.String(), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("follow_up_done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendees.id"], name=op.f("fk_leads_attendee_id_attendees")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_leads_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitors.id"], name=op.f("fk_leads_exhibitor_id_exhibitors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
        sa.UniqueConstraint(
            "exhibitor_id", "attendee_id", name=op.f("uq_leads_exhibitor_id_attendee_id")
        ),
    )
    with op.batch_alter_table("leads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leads_attendee_id"), ["attendee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_leads_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "shift_claims",
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column(
            "layer",
            sa.Enum(
                "draft",
                "published",
                "withdrawn",
                name="shiftstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "mod(extract(epoch FROM starts_at), 1800) = 0",
            name=op.f("ck_shift_claims_starts_at_on_the_grid"),
        ).ddl_if(dialect="postgresql"),
        sa.CheckConstraint(
            "strftime('%s', starts_at) % 1800 = 0 AND strftime('%f', starts_at) LIKE '%.000'",
            name=op.f("ck_shift_claims_starts_at_on_the_grid"),
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "layer <> 'withdrawn'", name=op.f("ck_shift_claims_withdrawn_claims_nothing")
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_shift_claims_agent_id_agents")
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"],
            ["shifts.id"],
            name=op.f("fk_shift_claims_shift_id_shifts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agent_id", "layer", "starts_at", name=op.f("pk_shift_claims")),
    )
    with op.batch_alter_table("shift_claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shift_claims_shift_id"), ["shift_id"], unique=False)

    op.create_table(
        "stand_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "taken",
                "withdrawn",
                "closed",
                name="standinstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_ask_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(status = 'taken') = (taken_by_id IS NOT NULL)",
            name=op.f("ck_stand_ins_taken_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_stand_ins_agent_id_agents")
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shifts.id"], name=op.f("fk_stand_ins_shift_id_shifts")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["agents.id"], name=op.f("fk_stand_ins_taken_by_id_agents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_ins")),
    )
    with op.batch_alter_table("stand_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stand_ins_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stand_ins_shift_id"), ["shift_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stand_ins_taken_by_id"), ["taken_by_id"], unique=False)
        batch_op.create_index(
            "uq_stand_ins_open",
            ["shift_id"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.create_table(
        "appointment_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stored_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_appointment_documents_size_at_least_0")),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_appointment_documents_appointment_id_appointments"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_documents")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_appointment_documents_stored_name")),
    )
    with op.batch_alter_table("appointment_documents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_appointment_documents_appointment_id"), ["appointment_id"], unique=False
        )

    op.create_table(
        "appointment_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "guidaf",
                "ingenierie",
                "caue",
                "visit",
                "call",
                "other",
                name="stepkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_appointment_steps_appointment_id_appointments"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_steps")),
    )
    with op.batch_alter_table("appointment_steps", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_appointment_steps_appointment_id"), ["appointment_id"], unique=False
        )

    op.create_table(
        "conflicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "double",
                "revoked",
                "unknown",
                "not_allowed",
                "clock",
                "unreadable",
                name="conflictkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("scan_id", sa.String(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("badge_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settlement", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "settlement IN ('same_person', 'two_people', 'allowed', 'sent_out', 'identified', "
            "'not_found', 'time_accepted', 'entered_by_hand', 'known_since', '')",
            name=op.f("ck_conflicts_known_settlement"),
        ),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["badges.id"], name=op.f("fk_conflicts_badge_id_badges")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_conflicts_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["stations.id"], name=op.f("fk_conflicts_station_id_stations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts")),
        sa.UniqueConstraint("scan_id", "kind", name=op.f("uq_conflicts_scan_id_kind")),
    )
    with op.batch_alter_table("conflicts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflicts_badge_id"), ["badge_id"], unique=False)
        batch_op.create_index("ix_conflicts_open", ["edition_id", "settlement", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflicts_station_id"), ["station_id"], unique=False)

    op.create_table(
        "lead_consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("text_version", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("downloaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('follow_up', 'news')", name=op.f("ck_lead_consents_known_purpose")
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name=op.f("fk_lead_consents_lead_id_leads")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_consents")),
    )
    with op.batch_alter_table("lead_consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_consents_lead_id"), ["lead_id"], unique=False)
        batch_op.create_index(
            "uq_lead_consents_live",
            ["lead_id", "purpose"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "lead_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.String(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("read_by", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name=op.f("fk_lead_readings_lead_id_leads")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_readings")),
        sa.UniqueConstraint("reading_id", name=op.f("uq_lead_readings_reading_id")),
    )
    with op.batch_alter_table("lead_readings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_readings_lead_id"), ["lead_id"], unique=False)

    op.create_table(
        "list_entries",
        sa.Column("badge_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("is_revoked", sa.Boolean(), nullable=False),
        sa.Column("attendee_version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("serial >= 0", name=op.f("ck_list_entries_serial_at_least_0")),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["badges.id"], name=op.f("fk_list_entries_badge_id_badges")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_list_entries_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("badge_id", name=op.f("pk_list_entries")),
    )
    with op.batch_alter_table("list_entries", schema=None) as batch_op:
        batch_op.create_index("ix_list_entries_serial", ["edition_id", "serial"], unique=False)

    op.create_table(
        "presences",
        sa.Column("badge_id", sa.Integer(), nullable=False),
        sa.Column("is_inside", sa.Boolean(), nullable=False),
        sa.Column("first_entry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_door", sa.String(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["badges.id"], name=op.f("fk_presences_badge_id_badges")
        ),
        sa.PrimaryKeyConstraint("badge_id", name=op.f("pk_presences")),
    )
    op.create_table(
        "print_jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("badge_id", sa.Integer(), nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "layout IN ('a4', 'a6', '62mm', '102x152')", name=op.f("ck_print_jobs_known_layout")
        ),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["badges.id"], name=op.f("fk_print_jobs_badge_id_badges")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_print_jobs_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["stations.id"], name=op.f("fk_print_jobs_taken_by_id_stations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_jobs")),
        sa.UniqueConstraint("job_id", name=op.f("uq_print_jobs_job_id")),
    )
    with op.batch_alter_table("print_jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_print_jobs_badge_id"), ["badge_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_print_jobs_taken_by_id"), ["taken_by_id"], unique=False
        )
        batch_op.create_index(
            "ix_print_jobs_waiting", ["edition_id", "done_at", "id"], unique=False
        )

    op.create_table(
        "printings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("badge_id", sa.Integer(), nullable=False),
        sa.Column("print_run_id", sa.Integer(), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["badges.id"], name=op.f("fk_printings_badge_id_badges")
        ),
        sa.ForeignKeyConstraint(
            ["print_run_id"], ["print_runs.id"], name=op.f("fk_printings_print_run_id_print_runs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printings")),
    )
    with op.batch_alter_table("printings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_printings_badge_id"), ["badge_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_printings_print_run_id"), ["print_run_id"], unique=False
        )

    op.create_table(
        "queue_tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("stand_id", sa.Integer(), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("private_token", sa.String(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=True),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "called",
                "met",
                "missed",
                "left",
                name="ticketstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_queue_tickets_number_above_zero")),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_queue_tickets_appointment_id_appointments"),
        ),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendees.id"], name=op.f("fk_queue_tickets_attendee_id_attendees")
        ),
        sa.ForeignKeyConstraint(
            ["called_by_id"], ["agents.id"], name=op.f("fk_queue_tickets_called_by_id_agents")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_queue_tickets_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["stand_id"], ["stands.id"], name=op.f("fk_queue_tickets_stand_id_stands")
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["themes.id"], name=op.f("fk_queue_tickets_theme_id_themes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_tickets")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_queue_tickets_appointment_id")),
        sa.UniqueConstraint("private_token", name=op.f("uq_queue_tickets_private_token")),
        sa.UniqueConstraint(
            "stand_id", "day_on", "number", name=op.f("uq_queue_tickets_stand_id_day_on_number")
        ),
    )
    with op.batch_alter_table("queue_tickets", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_queue_tickets_attendee_id"), ["attendee_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_queue_tickets_called_by_id"), ["called_by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_queue_tickets_edition_id"), ["edition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_queue_tickets_theme_id"), ["theme_id"], unique=False)
        batch_op.create_index(
            "ix_queue_tickets_turn", ["stand_id", "day_on", "status", "queued_from"], unique=False
        )

    op.create_table(
        "scans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("scan_id", sa.String(), nullable=False),
        sa.Column("badge_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("was_let_in", sa.Boolean(), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("ck_scans_known_direction")),
        sa.CheckConstraint(
            "verdict IN ('accepted', 'already_inside', 're_entry', 'exit', 'revoked', "
            "'wrong_edition', 'not_allowed_here', 'invalid')",
            name=op.f("ck_scans_known_verdict"),
        ),
        sa.ForeignKeyConstraint(["badge_id"], ["badges.id"], name=op.f("fk_scans_badge_id_badges")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_scans_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["stations.id"], name=op.f("fk_scans_station_id_stations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scans")),
        sa.UniqueConstraint("scan_id", name=op.f("uq_scans_scan_id")),
    )
    with op.batch_alter_table("scans", schema=None) as batch_op:
        batch_op.create_index("ix_scans_badge", ["badge_id", "id"], unique=False)
        batch_op.create_index(
            "ix_scans_edition_happened", ["edition_id", "happened_at"], unique=False
        )
        batch_op.create_index("ix_scans_station", ["station_id", "received_at"], unique=False)

    op.create_table(
        "stand_in_asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stand_in_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_yes", sa.Boolean(), nullable=True),
        sa.CheckConstraint("rank >= 0", name=op.f("ck_stand_in_asks_rank_at_least_0")),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_stand_in_asks_agent_id_agents")
        ),
        sa.ForeignKeyConstraint(
            ["stand_in_id"], ["stand_ins.id"], name=op.f("fk_stand_in_asks_stand_in_id_stand_ins")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_in_asks")),
        sa.UniqueConstraint(
            "stand_in_id", "agent_id", name=op.f("uq_stand_in_asks_stand_in_id_agent_id")
        ),
    )
    with op.batch_alter_table("stand_in_asks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stand_in_asks_agent_id"), ["agent_id"], unique=False)

    op.create_table(
        "waiting_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column(
            "part",
            sa.Enum(
                "morning",
                "afternoon",
                "whole_day",
                name="halfday",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("contact_email", sa.String(), nullable=False),
        sa.Column("private_token", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "offered",
                "served",
                "left",
                "closed",
                name="waitingstatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_waiting_entries_appointment_id_appointments"),
        ),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendees.id"], name=op.f("fk_waiting_entries_attendee_id_attendees")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_waiting_entries_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["themes.id"], name=op.f("fk_waiting_entries_theme_id_themes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_entries")),
        sa.UniqueConstraint("private_token", name=op.f("uq_waiting_entries_private_token")),
    )
    with op.batch_alter_table("waiting_entries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_waiting_entries_appointment_id"), ["appointment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_waiting_entries_theme_id"), ["theme_id"], unique=False)
        batch_op.create_index(
            "ix_waiting_entries_turn", ["edition_id", "status", "queued_at"], unique=False
        )
        batch_op.create_index(
            "uq_waiting_entries_live",
            ["attendee_id", "theme_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('waiting', 'offered')"),
            postgresql_where=sa.text("status IN ('waiting', 'offered')"),
        )

    op.create_table(
        "zone_presences",
        sa.Column("badge_id", sa.Integer(), nullable=False),
        sa.Column("zone_id", sa.Integer(), nullable=False),
        sa.Column("is_inside", sa.Boolean(), nullable=False),
        sa.Column("first_entry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_door", sa.String(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["badges.id"], name=op.f("fk_zone_presences_badge_id_badges")
        ),
        sa.ForeignKeyConstraint(
            ["zone_id"], ["zones.id"], name=op.f("fk_zone_presences_zone_id_zones")
        ),
        sa.PrimaryKeyConstraint("badge_id", "zone_id", name=op.f("pk_zone_presences")),
    )
    with op.batch_alter_table("zone_presences", schema=None) as batch_op:
        batch_op.create_index("ix_zone_presences_zone", ["zone_id", "is_inside"], unique=False)

    op.create_table(
        "appointment_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("stand_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("waiting_id", sa.Integer(), nullable=True),
        sa.Column("network", sa.String(), nullable=False),
        sa.CheckConstraint(
            "mod(extract(epoch FROM starts_at), 300) = 0",
            name=op.f("ck_appointment_holds_starts_at_on_the_grid"),
        ).ddl_if(dialect="postgresql"),
        sa.CheckConstraint(
            "strftime('%s', starts_at) % 300 = 0 AND strftime('%f', starts_at) LIKE '%.000'",
            name=op.f("ck_appointment_holds_starts_at_on_the_grid"),
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "starts_at < ends_at", name=op.f("ck_appointment_holds_starts_before_ending")
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_appointment_holds_agent_id_agents")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_appointment_holds_appointment_id_appointments"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_appointment_holds_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["stand_id"], ["stands.id"], name=op.f("fk_appointment_holds_stand_id_stands")
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["themes.id"], name=op.f("fk_appointment_holds_theme_id_themes")
        ),
        sa.ForeignKeyConstraint(
            ["waiting_id"],
            ["waiting_entries.id"],
            name=op.f("fk_appointment_holds_waiting_id_waiting_entries"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_holds")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_appointment_holds_appointment_id")),
        sa.UniqueConstraint("token", name=op.f("uq_appointment_holds_token")),
        sa.UniqueConstraint("waiting_id", name=op.f("uq_appointment_holds_waiting_id")),
    )
    with op.batch_alter_table("appointment_holds", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_appointment_holds_agent_id"), ["agent_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_appointment_holds_edition_id"), ["edition_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_appointment_holds_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_appointment_holds_network"), ["network"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_appointment_holds_theme_id"), ["theme_id"], unique=False
        )

    op.create_table(
        "booking_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("private_token", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("person", sa.JSON(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column(
            "part",
            sa.Enum(
                "morning",
                "afternoon",
                "whole_day",
                name="halfday",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("hold_token", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("led_to", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_booking_requests_agent_id_agents")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_booking_requests_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["themes.id"], name=op.f("fk_booking_requests_theme_id_themes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_requests")),
        sa.UniqueConstraint("private_token", name=op.f("uq_booking_requests_private_token")),
    )
    with op.batch_alter_table("booking_requests", schema=None) as batch_op:
        for column in ("agent_id", "asked_at", "edition_id", "email_key", "theme_id"):
            batch_op.create_index(
                batch_op.f(f"ix_booking_requests_{column}"), [column], unique=False
            )

    op.create_table(
        "appointment_agent_claims",
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_buffer", sa.Boolean(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("hold_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(appointment_id IS NULL) <> (hold_id IS NULL)",
            name=op.f("ck_appointment_agent_claims_one_owner"),
        ),
        sa.CheckConstraint(
            "mod(extract(epoch FROM starts_at), 300) = 0",
            name=op.f("ck_appointment_agent_claims_starts_at_on_the_grid"),
        ).ddl_if(dialect="postgresql"),
        sa.CheckConstraint(
            "strftime('%s', starts_at) % 300 = 0 AND strftime('%f', starts_at) LIKE '%.000'",
            name=op.f("ck_appointment_agent_claims_starts_at_on_the_grid"),
        ).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_appointment_agent_claims_agent_id_agents")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_appointment_agent_claims_appointment_id_appointments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["hold_id"],
            ["appointment_holds.id"],
            name=op.f("fk_appointment_agent_claims_hold_id_appointment_holds"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agent_id", "starts_at", name=op.f("pk_appointment_agent_claims")),
    )
    with op.batch_alter_table("appointment_agent_claims", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_appointment_agent_claims_appointment_id"),
            ["appointment_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_appointment_agent_claims_hold_id"), ["hold_id"], unique=False
        )

    op.create_table(
        "appointment_visitor_claims",
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("hold_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(appointment_id IS NULL) <> (hold_id IS NULL)",
            name=op.f("ck_appointment_visitor_claims_one_owner"),
        ),
        sa.CheckConstraint(
            "mod(extract(epoch FROM starts_at), 300) = 0",
            name=op.f("ck_appointment_visitor_claims_starts_at_on_the_grid"),
        ).ddl_if(dialect="postgresql"),
        sa.CheckConstraint(
            "strftime('%s', starts_at) % 300 = 0 AND strftime('%f', starts_at) LIKE '%.000'",
            name=op.f("ck_appointment_visitor_claims_starts_at_on_the_grid"),
        ).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_appointment_visitor_claims_appointment_id_appointments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["attendee_id"],
            ["attendees.id"],
            name=op.f("fk_appointment_visitor_claims_attendee_id_attendees"),
        ),
        sa.ForeignKeyConstraint(
            ["hold_id"],
            ["appointment_holds.id"],
            name=op.f("fk_appointment_visitor_claims_hold_id_appointment_holds"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "attendee_id", "starts_at", name=op.f("pk_appointment_visitor_claims")
        ),
    )
    with op.batch_alter_table("appointment_visitor_claims", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_appointment_visitor_claims_appointment_id"),
            ["appointment_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_appointment_visitor_claims_hold_id"), ["hold_id"], unique=False
        )

    _install_triggers()


def _install_triggers() -> None:
    connection = op.get_bind()
    copy = Path(__file__).with_name(f"0001_{connection.dialect.name}.sql")
    for statement in copy.read_text().strip().split("\n\n"):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    with op.batch_alter_table("appointment_visitor_claims", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_visitor_claims_hold_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_visitor_claims_appointment_id"))

    op.drop_table("appointment_visitor_claims")
    with op.batch_alter_table("appointment_agent_claims", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_agent_claims_hold_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_agent_claims_appointment_id"))

    op.drop_table("appointment_agent_claims")
    with op.batch_alter_table("booking_requests", schema=None) as batch_op:
        for column in ("theme_id", "email_key", "edition_id", "asked_at", "agent_id"):
            batch_op.drop_index(batch_op.f(f"ix_booking_requests_{column}"))

    op.drop_table("booking_requests")
    with op.batch_alter_table("appointment_holds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_holds_theme_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_holds_network"))
        batch_op.drop_index(batch_op.f("ix_appointment_holds_expires_at"))
        batch_op.drop_index(batch_op.f("ix_appointment_holds_edition_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_holds_agent_id"))

    op.drop_table("appointment_holds")
    with op.batch_alter_table("zone_presences", schema=None) as batch_op:
        batch_op.drop_index("ix_zone_presences_zone")

    op.drop_table("zone_presences")
    with op.batch_alter_table("waiting_entries", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_waiting_entries_live",
            sqlite_where=sa.text("status IN ('waiting', 'offered')"),
            postgresql_where=sa.text("status IN ('waiting', 'offered')"),
        )
        batch_op.drop_index("ix_waiting_entries_turn")
        batch_op.drop_index(batch_op.f("ix_waiting_entries_theme_id"))
        batch_op.drop_index(batch_op.f("ix_waiting_entries_appointment_id"))

    op.drop_table("waiting_entries")
    with op.batch_alter_table("stand_in_asks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stand_in_asks_agent_id"))

    op.drop_table("stand_in_asks")
    with op.batch_alter_table("scans", schema=None) as batch_op:
        batch_op.drop_index("ix_scans_station")
        batch_op.drop_index("ix_scans_edition_happened")
        batch_op.drop_index("ix_scans_badge")

    op.drop_table("scans")
    with op.batch_alter_table("queue_tickets", schema=None) as batch_op:
        batch_op.drop_index("ix_queue_tickets_turn")
        batch_op.drop_index(batch_op.f("ix_queue_tickets_theme_id"))
        batch_op.drop_index(batch_op.f("ix_queue_tickets_edition_id"))
        batch_op.drop_index(batch_op.f("ix_queue_tickets_called_by_id"))
        batch_op.drop_index(batch_op.f("ix_queue_tickets_attendee_id"))

    op.drop_table("queue_tickets")
    with op.batch_alter_table("printings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_printings_print_run_id"))
        batch_op.drop_index(batch_op.f("ix_printings_badge_id"))

    op.drop_table("printings")
    with op.batch_alter_table("print_jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_print_jobs_waiting")
        batch_op.drop_index(batch_op.f("ix_print_jobs_taken_by_id"))
        batch_op.drop_index(batch_op.f("ix_print_jobs_badge_id"))

    op.drop_table("print_jobs")
    op.drop_table("presences")
    with op.batch_alter_table("list_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_list_entries_serial")

    op.drop_table("list_entries")
    with op.batch_alter_table("lead_readings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lead_readings_lead_id"))

    op.drop_table("lead_readings")
    with op.batch_alter_table("lead_consents", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_lead_consents_live",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_lead_consents_lead_id"))

    op.drop_table("lead_consents")
    with op.batch_alter_table("conflicts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflicts_station_id"))
        batch_op.drop_index("ix_conflicts_open")
        batch_op.drop_index(batch_op.f("ix_conflicts_badge_id"))

    op.drop_table("conflicts")
    with op.batch_alter_table("appointment_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_steps_appointment_id"))

    op.drop_table("appointment_steps")
    with op.batch_alter_table("appointment_documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_documents_appointment_id"))

    op.drop_table("appointment_documents")
    with op.batch_alter_table("stand_ins", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_stand_ins_open",
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_stand_ins_taken_by_id"))
        batch_op.drop_index(batch_op.f("ix_stand_ins_shift_id"))
        batch_op.drop_index(batch_op.f("ix_stand_ins_agent_id"))

    op.drop_table("stand_ins")
    with op.batch_alter_table("shift_claims", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shift_claims_shift_id"))

    op.drop_table("shift_claims")
    with op.batch_alter_table("leads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leads_edition_id"))
        batch_op.drop_index(batch_op.f("ix_leads_attendee_id"))

    op.drop_table("leads")
    with op.batch_alter_table("exchanges", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_exchanges_open",
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_exchanges_requested_shift_id"))
        batch_op.drop_index(batch_op.f("ix_exchanges_asked_of_id"))
        batch_op.drop_index(batch_op.f("ix_exchanges_asked_by_id"))

    op.drop_table("exchanges")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_attendee_id"))

    op.drop_table("consents")
    with op.batch_alter_table("badges", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_badges_valid",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_badges_edition_id"))
        batch_op.drop_index(batch_op.f("ix_badges_attendee_id"))

    op.drop_table("badges")
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointments_theme_id"))
        batch_op.drop_index(batch_op.f("ix_appointments_stand_id"))
        batch_op.drop_index(batch_op.f("ix_appointments_epci_siren"))
        batch_op.drop_index("ix_appointments_edition_status")
        batch_op.drop_index("ix_appointments_commune_theme")
        batch_op.drop_index(batch_op.f("ix_appointments_attendee_id"))
        batch_op.drop_index(batch_op.f("ix_appointments_agent_id"))

    op.drop_table("appointments")
    with op.batch_alter_table("topic_themes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_themes_theme_id"))

    op.drop_table("topic_themes")
    op.drop_table("theme_bookings")
    with op.batch_alter_table("shifts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shifts_stand_id"))
        batch_op.drop_index(batch_op.f("ix_shifts_publication_id"))
        batch_op.drop_index("ix_shifts_edition_status")
        batch_op.drop_index(batch_op.f("ix_shifts_agent_id"))

    op.drop_table("shifts")
    with op.batch_alter_table("sales_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sales_lines_document_id"))

    op.drop_table("sales_lines")
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payments_document_id"))

    op.drop_table("payments")
    with op.batch_alter_table("need_themes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_themes_theme_id"))

    op.drop_table("need_themes")
    with op.batch_alter_table("exhibitor_themes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exhibitor_themes_theme_id"))

    op.drop_table("exhibitor_themes")
    with op.batch_alter_table("organisation_invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_invitations_exhibitor_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_invitations_epci_siren"))
        batch_op.drop_index(batch_op.f("ix_organisation_invitations_email_hash"))
        batch_op.drop_index(batch_op.f("ix_organisation_invitations_edition_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_invitations_commune_code"))

    op.drop_table("organisation_invitations")
    with op.batch_alter_table("attendees", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_attendees_staff",
            sqlite_where=sa.text("status = 'registered'"),
            postgresql_where=sa.text("status = 'registered'"),
        )
        batch_op.drop_index(
            "uq_attendees_person",
            sqlite_where=sa.text(
                "status = 'registered' AND exhibitor_id IS NULL AND agent_id IS NULL"
            ),
            postgresql_where=sa.text(
                "status = 'registered' AND exhibitor_id IS NULL AND agent_id IS NULL"
            ),
        )
        batch_op.drop_index(
            "uq_attendees_agent",
            sqlite_where=sa.text("status = 'registered'"),
            postgresql_where=sa.text("status = 'registered'"),
        )
        batch_op.drop_index("ix_attendees_name")
        batch_op.drop_index(batch_op.f("ix_attendees_invitation_id"))
        batch_op.drop_index(batch_op.f("ix_attendees_group_id"))
        batch_op.drop_index(batch_op.f("ix_attendees_exhibitor_id"))
        batch_op.drop_index(batch_op.f("ix_attendees_epci_siren"))
        batch_op.drop_index(batch_op.f("ix_attendees_email_key"))
        batch_op.drop_index(batch_op.f("ix_attendees_commune_code"))
        batch_op.drop_index(batch_op.f("ix_attendees_category"))
        batch_op.drop_index(batch_op.f("ix_attendees_agent_id"))

    op.drop_table("attendees")
    with op.batch_alter_table("agent_themes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agent_themes_theme_id"))

    op.drop_table("agent_themes")
    with op.batch_alter_table("agent_stands", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agent_stands_stand_id"))

    op.drop_table("agent_stands")
    op.drop_table("agent_periods")
    with op.batch_alter_table("wanted_options", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wanted_options_price_item_id"))

    op.drop_table("wanted_options")
    with op.batch_alter_table("fair_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fair_files_theme_id"))
        batch_op.drop_index(batch_op.f("ix_fair_files_item_id"))
        batch_op.drop_index(batch_op.f("ix_fair_files_edition_id"))

    op.drop_table("fair_files")
    with op.batch_alter_table("programme_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_items_edition_id"))

    op.drop_table("programme_items")
    op.drop_table("themes")
    with op.batch_alter_table("sales_documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sales_documents_from_id"))
        batch_op.drop_index(batch_op.f("ix_sales_documents_exhibitor_id"))
        batch_op.drop_index(batch_op.f("ix_sales_documents_edition_id"))

    op.drop_table("sales_documents")
    op.drop_table("safety_forms")
    op.drop_table("reminders")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_exhibitor_id"))

    op.drop_table("invitations")
    with op.batch_alter_table("task_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_answers_task_id"))

    op.drop_table("task_answers")
    with op.batch_alter_table("exhibitor_documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exhibitor_documents_task_id"))
        batch_op.drop_index(batch_op.f("ix_exhibitor_documents_exhibitor_id"))

    op.drop_table("exhibitor_documents")
    with op.batch_alter_table("exhibitor_contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exhibitor_contacts_email_key"))

    op.drop_table("exhibitor_contacts")
    with op.batch_alter_table("doors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_doors_zone_id"))

    op.drop_table("doors")
    with op.batch_alter_table("co_exhibitors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_co_exhibitors_exhibitor_id"))

    op.drop_table("co_exhibitors")
    op.drop_table("billing_details")
    with op.batch_alter_table("agents", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_agents_email",
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_agents_body_id"))
        batch_op.drop_index(batch_op.f("ix_agents_account_id"))

    op.drop_table("agents")
    with op.batch_alter_table("zones", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_zones_fair",
            sqlite_where=sa.text("kind = 'fair'"),
            postgresql_where=sa.text("kind = 'fair'"),
        )

    op.drop_table("zones")
    op.drop_table("stand_bookings")
    op.drop_table("partner_bodies")
    op.drop_table("needs")
    with op.batch_alter_table("exhibitors", schema=None) as batch_op:
        batch_op.drop_index("uq_exhibitors_stand_id")
        batch_op.drop_index("ix_exhibitors_status")
        batch_op.drop_index(batch_op.f("ix_exhibitors_siret"))
        batch_op.drop_index(batch_op.f("ix_exhibitors_parent_id"))
        batch_op.drop_index(batch_op.f("ix_exhibitors_name_key"))

    op.drop_table("exhibitors")
    op.drop_table("station_reports")
    op.drop_table("stands")
    with op.batch_alter_table("single_use_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_single_use_codes_station_id"))
        batch_op.drop_index(batch_op.f("ix_single_use_codes_code_hash"))
        batch_op.drop_index(batch_op.f("ix_single_use_codes_account_id"))

    op.drop_table("single_use_codes")
    op.drop_table("kept_forms")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_station_id"))
        batch_op.drop_index(batch_op.f("ix_sign_ins_account_id"))

    op.drop_table("sign_ins")
    with op.batch_alter_table("rights", schema=None) as batch_op:
        batch_op.drop_index("uq_rights_all")
        batch_op.drop_index(batch_op.f("ix_rights_edition_id"))

    op.drop_table("rights")
    op.drop_table("paper_pages")
    op.drop_table("topics")
    with op.batch_alter_table("stations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stations_edition_id"))

    op.drop_table("stations")
    with op.batch_alter_table("read_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_read_tokens_edition_id"))

    op.drop_table("read_tokens")
    op.drop_table("rotas")
    with op.batch_alter_table("rota_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rota_runs_edition_id"))

    op.drop_table("rota_runs")
    op.drop_table("publications")
    op.drop_table("rooms")
    op.drop_table("text_versions")
    op.drop_table("registration_settings")
    with op.batch_alter_table("print_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_print_runs_edition_id"))

    op.drop_table("print_runs")
    op.drop_table("price_items")
    with op.batch_alter_table("plan_proposals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_proposals_edition_id"))

    op.drop_table("plan_proposals")
    with op.batch_alter_table("paper_packs", schema=None) as batch_op:
        batch_op.drop_index("uq_paper_packs_planned")
        batch_op.drop_index(batch_op.f("ix_paper_packs_edition_id"))

    op.drop_table("paper_packs")
    op.drop_table("kept_figures")
    op.drop_table("halls")
    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_groups_edition_id"))

    op.drop_table("groups")
    with op.batch_alter_table("added_tasks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_added_tasks_terms_id"))

    op.drop_table("added_tasks")
    op.drop_table("exhibitor_terms")
    op.drop_table("entrance_settings")
    op.drop_table("edition_days")
    op.drop_table("data_files")
    op.drop_table("data_releases")
    with op.batch_alter_table("communes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_communes_search_key"))

    op.drop_table("communes")
    op.drop_table("booking_settings")
    op.drop_table("badge_settings")
    op.drop_table("submissions")
    with op.batch_alter_table("rate_counters", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_counters_window_at"))

    op.drop_table("rate_counters")
    op.drop_table("number_series")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_recipient"))
        batch_op.drop_index("ix_messages_due")
        batch_op.drop_index(batch_op.f("ix_messages_about"))
        batch_op.drop_index(batch_op.f("ix_messages_act"))

    op.drop_table("messages")
    op.drop_table("marks")
    op.drop_table("machine_reports")
    op.drop_table("alarms")
    with op.batch_alter_table("journal_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_entries_subject"))
        batch_op.drop_index(batch_op.f("ix_journal_entries_at"))
        batch_op.drop_index(batch_op.f("ix_journal_entries_actor"))
        batch_op.drop_index(batch_op.f("ix_journal_entries_action"))

    op.drop_table("journal_entries")
    op.drop_table("epcis")
    op.drop_table("mail_settings")
    with op.batch_alter_table("editions", schema=None) as batch_op:
        batch_op.drop_index("uq_editions_is_current")

    op.drop_table("editions")
    op.drop_table("company_records")
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_index("uq_accounts_provider_identity")

    op.drop_table("accounts")
    op.drop_table("unsettled")
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        functions = sa.text(
            "SELECT p.oid::regprocedure::text FROM pg_proc p"
            " WHERE p.pronamespace = current_schema()::regnamespace"
            " AND p.prorettype = 'trigger'::regtype"
        )
        for (name,) in connection.execute(functions).all():
            op.execute(f"DROP FUNCTION {name}")
