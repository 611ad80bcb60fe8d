"""Tables that no stored public page reads; writing them leaves these pages as they are.

All others count as public: a table forgotten here costs a rendering, never a stale page. The pages
of appointments read some of the hidden tables, which have a revision of their own.
"""

from salon.appointments.queries.revisions import BOOKINGS, ROTA

HIDDEN_TABLES = frozenset(
    {
        *("accounts", "kept_forms", "rate_counters", "rights", "sign_ins", "single_use_codes"),
        *("alarms", "journal_entries", "machine_reports", "marks", "messages", "print_jobs"),
        *("mail_oppositions", "reminders", "submissions", "undo_records", "unsettled"),
        *("attendees", "badges", "consents", "groups", "print_runs", "printings"),
        *("distinct_agents", "distinct_exhibitors", "distinct_people", "merged_agents"),
        "merged_people",
        *("appointment_agent_claims", "appointment_documents", "appointment_holds"),
        *("appointment_steps", "appointment_visitor_claims", "appointments", "booking_requests"),
        *("queue_tickets", "stand_bookings", "theme_bookings", "waiting_entries"),
        *("exchanges", "publications", "rota_runs", "rotas", "shift_claims", "shifts"),
        *("invitations", "organisation_invitations", "stand_in_asks", "stand_ins"),
        *("book_filters", "guests", "local_authorities", "mailing_recipients", "mailings"),
        *("conflicts", "list_entries", "presences", "scans", "station_reports", "stations"),
        *("zone_presences", "lead_consents", "lead_readings", "leads", "paper_packs"),
        "paper_pages",
        *("allocations", "negotiated_lines", "number_series", "payments", "refunds", "sales"),
        *("read_tokens", "sales_documents", "sales_lines", "sales_papers", "statement_lines"),
        "task_answers",
    }
)

_OF_ROTA = frozenset({"shifts", "stand_bookings", "stand_ins", "theme_bookings"})
REVISIONS = {
    BOOKINGS: _OF_ROTA | {"appointment_agent_claims", "appointment_holds", "appointments"},
    ROTA: _OF_ROTA,
}
