"""Personal data of exhibitors: their applications, and what was sold to them."""

from salon.dashboard.engine.table_data import (
    DAY,
    LAST_SAVE,
    TableData,
    after_fair,
    personal,
)

EXHIBITORS = "Répondre d’un salon passé et inviter au suivant."
CLOSING = "le 31 décembre de l’année de la pièce"
BOOKS = "Pièces comptables : dix ans (code de commerce, art. L. 123-22)."
STATEMENTS = "Rapprocher la banque d’un salon ; le règlement reste, lui, dix ans."

EXHIBITOR_DATA: dict[str, TableData] = {
    "exhibitors": after_fair(
        "Candidatures des exposants", 730, "réduites à ce que montrait le catalogue", EXHIBITORS
    ).holding(
        emptied=(
            "status_reason siret foreign_number legal_name address postal_code vat_number "
            "logo_file wish_note name_key search_key city activity website presentation "
            "regulations_remark entered_by"
        ),
        replaced={"name": "Candidature effacée", "near": [], "apart": [], "vat_check": None},
        published="name name_key search_key city activity website presentation",
        masked="status_reason presentation wish_note regulations_remark entered_by",
        untouched="private_token",
        plain="country slug",
    ),
    "exhibitors.draft": personal(
        180 * DAY, LAST_SAVE, "supprimés", "Un brouillon jamais envoyé, son contact averti."
    ),
    "exhibitor_contacts": after_fair(
        "Contacts des exposants", 730, "anonymisées, comptes fermés", EXHIBITORS
    ).holding(
        emptied="civility first_name last_name function email email_key phone", internal="email_key"
    ),
    "exhibitor_documents": after_fair(
        "Documents des exposants", 730, "supprimées, fichiers compris", EXHIBITORS
    ).holding(masked="name reason uploaded_by", untouched="stored_name", plain="media_type sha256"),
    "task_answers": after_fair(
        "Réponses des exposants aux tâches", 730, "supprimées", EXHIBITORS
    ).holding(masked="text answered_by"),
    "co_exhibitors": after_fair("Co-exposants", 730, "supprimées", EXHIBITORS).holding(
        untouched="name name_key presentation website"
    ),
    "safety_forms": after_fair(
        "Fiches de sécurité", 730, "supprimées", "Répondre d’un incident sur un stand."
    ).holding(masked="answers overrides"),
    "billing_details": after_fair(
        "Coordonnées de facturation",
        730,
        "supprimées",
        "La facture garde sa propre copie de l’acheteur.",
    ).holding(
        untouched="name address postal_code city siret vat_number engagement_number purchase_order "
        "legal_form rcs_city rna",
        plain="country service_code public_kind",
    ),
    "reminders": after_fair("Rappels aux exposants", 730, "supprimées", EXHIBITORS).holding(
        plain="subject"
    ),
    "invitations": after_fair(
        "Invitations des exposants", 730, "vidées de leur intitulé", EXHIBITORS
    ).holding(emptied="label", masked="label", plain="code"),
}

SALES_DATA: dict[str, TableData] = {
    "sales_documents": personal(3653 * DAY, CLOSING, "vidées de leur acheteur", BOOKS).holding(
        emptied="created_by engagement_number purchase_order remark",
        masked="created_by remark",
        untouched="buyer",
        plain="series reference seller service_code vat_by_rate",
    ),
    "sales_lines": personal(3653 * DAY, CLOSING, "vidées de l’exposant nommé", BOOKS).holding(
        emptied="beneficiary", plain="code label"
    ),
    "sales_papers": personal(3653 * DAY, CLOSING, "supprimées, fichiers compris", BOOKS).holding(
        untouched="stored_name", plain="sha256"
    ),
    "payments": personal(3653 * DAY, CLOSING, "vidées de leur référence", BOOKS).holding(
        emptied="payer reference recorded_by cancel_reason",
        masked="payer recorded_by cancel_reason",
    ),
    "refunds": personal(3653 * DAY, CLOSING, "vidées de leur référence", BOOKS).holding(
        emptied="reference recorded_by cancel_reason", masked="recorded_by cancel_reason"
    ),
    "statement_lines": after_fair(
        "Opérations des relevés bancaires", 365, "supprimées", STATEMENTS
    ).holding(
        masked="label payer imported_by settled_by",
        untouched="reference",
        internal="identity imported_by settled_by",
    ),
    "negotiated_lines": personal(3653 * DAY, CLOSING, "vidés de leur motif", BOOKS).holding(
        emptied="reason granted_by withdrawn_by",
        masked="label reason granted_by withdrawn_by",
        internal="reason",
    ),
}
