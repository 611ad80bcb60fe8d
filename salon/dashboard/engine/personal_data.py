"""Personal data of each table: which columns, how long, why, and what becomes of them."""

from datetime import timedelta

from salon.accounts.services.saved_forms import FORM_LIFETIME
from salon.dashboard.engine.exhibitor_data import EXHIBITOR_DATA, EXHIBITORS, SALES_DATA
from salon.dashboard.engine.table_data import (
    DAY,
    DataClass,
    TableData,
    after_fair,
    for_good,
    personal,
    public,
    technical,
)
from salon.platform.database.submissions import KEPT_HOURS

FAIR = "Le programme et le plan d’une édition ne disent rien d’une personne."
REGISTER = "Préparer l’édition suivante et répondre aux demandes, puis ne garder que des nombres."
ANONYMOUS = "Ne dit rien de personne une fois l’agent anonyme."
ROTA = "Répondre d’un planning passé et préparer le suivant, puis ne garder que des nombres."
LEADS = "Tenir ce qui a été promis au stand et prouver l’accord donné."
MEETINGS = "Tenir les suites promises, puis ne garder que des nombres."
HEAD_WRITTEN = "la dernière modification"
PLACES = "Référentiel public (Insee, État)."
INCIDENTS = "Régler les incidents d’entrée du salon."
FILES = "Un fichier est plein de noms."

PERSONAL_DATA: dict[str, TableData] = {
    "scans": after_fair("Passages aux portes", 90, "supprimées", INCIDENTS).holding(
        masked="code", untouched="shown", plain="verdict direction door", internal="scan_id"
    ),
    "presences": after_fair(
        "Présences dans le hall", 90, "comptées, puis supprimées", "Connaître la fréquentation."
    ).holding(untouched="first_door"),
    "attendees": after_fair("Inscriptions", 365, "anonymisées", REGISTER).holding(
        emptied=(
            "name_key sound_key function_other organisation email email_key phone "
            "needs_note registered_by"
        ),
        replaced={
            "first_name": "Personne",
            "last_name": "effacée",
            "function": "other",
            "needs": [],
            "is_vip": False,
        },
        masked="function_other needs_note registered_by",
        untouched="civility",
        plain="status category half_day visit_days notice_version",
        internal="version name_key email_key registered_by",
    ),
    "attendees.needs": after_fair(
        "Besoins particuliers des inscrits",
        30,
        "effacés",
        "Les besoins particuliers ne servent que le jour du salon.",
    ).holding(emptied="needs_note", replaced={"needs": []}),
    "groups": after_fair(
        "Adresses des dossiers d’inscription", 365, "anonymisées", REGISTER
    ).holding(emptied="contact_email", internal="private_token"),
    "badges": after_fair(
        "Badges", 365, "révoquées ; anonymes avec l’inscription", REGISTER
    ).holding(masked="revoked_reason", untouched="code code_hash", internal="private_token"),
    "consents": after_fair(
        "", 365, "anonymes avec l’inscription", "Prouver le consentement."
    ).holding(untouched="purpose text_version"),
    "merged_people": after_fair(
        "Inscriptions d’une même personne réunies", 365, "supprimées", REGISTER
    ).holding(masked="brought merged_by", untouched="moved ended", internal="moved ended"),
    "distinct_people": after_fair(
        "Inscriptions dites de deux personnes", 365, "supprimées", REGISTER
    ).holding(masked="decided_by"),
    "merged_agents": after_fair("Fiches d’un même agent réunies", 365, "supprimées", ROTA).holding(
        masked="merged_by", untouched="gained"
    ),
    "distinct_agents": after_fair("Fiches dites de deux agents", 365, "supprimées", ROTA).holding(
        masked="decided_by"
    ),
    "distinct_exhibitors": after_fair(
        "Candidatures dites de deux organismes", 365, "supprimées", EXHIBITORS
    ).holding(masked="decided_by"),
    "printings": after_fair("Traces d’impression", 365, "anonymisées", REGISTER).holding(
        emptied="printed_by", masked="printed_by", internal="printed_by"
    ),
    "print_runs": after_fair("Impressions de badges en lot", 365, "anonymisées", REGISTER).holding(
        emptied="asked_by",
        replaced={"filters": {}},
        masked="filters asked_by",
        untouched="file_name",
        plain="layout",
    ),
    "print_runs.file": personal(7 * DAY, "l’impression", "supprimés", FILES),
    "messages": personal(
        90 * DAY, "le message", "supprimées", "Prouver et refaire un envoi."
    ).holding(
        emptied="recipient last_error sent_subject sent_text",
        replaced={"kind": "erased", "context": {}, "sent_files": []},
        masked="context author last_error sent_subject sent_text sent_files",
        plain="about",
        internal="context message_id urgent next_attempt_at held_until act author leased_until",
    ),
    "mailing_recipients": personal(
        90 * DAY, "le message", "supprimées", "Prouver et refaire un envoi."
    ).holding(
        masked="name reason",
        untouched="address greeting commune organisation",
        plain="key",
        internal="key address_key path message_id",
    ),
    "mailings": after_fair(
        "Messages écrits à plusieurs", 365, "vidés de leur auteur", REGISTER
    ).holding(
        emptied="author reply_to",
        masked="subject text author reply_to",
        plain="audience filters",
    ),
    "accounts": personal(
        365 * DAY, "la fermeture", "anonymisées", "Répondre d’un accès passé."
    ).holding(
        emptied="email password_hash totp_secret provider_issuer provider_subject",
        replaced={"display_name": "Compte effacé"},
        untouched="email_key",
        plain="digest digest_counts",
    ),
    "journal_entries": TableData(
        DataClass.TRACE, 180 * DAY, "l’acte", "supprimées", "Traces : six mois (CNIL, 2021)."
    ).holding(
        masked="actor_name details", untouched="actor address", plain="action subject request_id"
    ),
    "undo_records": for_good("Partent avec l’acte du journal qu’elles annulent.").holding(
        masked="facts", internal="act"
    ),
    "rights": for_good("Ne disent rien de personne une fois le compte anonyme."),
    "sign_ins": technical(DAY, "la fin de la session", "Une session finie ne sert plus.").holding(
        untouched="token_hash id_token"
    ),
    "kept_forms": technical(
        FORM_LIFETIME, "la fin de la session", "Retrouver ce qu’on écrivait ; chiffré."
    ).holding(untouched="content address", plain="path"),
    "single_use_codes": technical(DAY, "l’expiration", "Un code expiré ne sert plus.").holding(
        untouched="code_hash browser", plain="purpose"
    ),
    "rate_counters": technical(DAY, "l’essai", "Limiter les essais ; contient une adresse IP."),
    "submissions": technical(
        timedelta(hours=KEPT_HOURS), "l’envoi", "Reconnaître un formulaire envoyé deux fois."
    ).holding(plain="digest result"),
    **EXHIBITOR_DATA,
    "organisation_invitations": after_fair(
        "Invitations au salon",
        365,
        "vidées de leur nom et de leur adresse",
        "Inviter à une édition, puis reconnaître par une empreinte l’adresse qui a dit non.",
    ).holding(
        emptied="name email note decline_reason",
        masked="note decline_reason",
        plain="commune_code epci_siren",
        internal="email_hash private_token",
    ),
    "local_authorities": personal(
        2557 * DAY,
        HEAD_WRITTEN,
        "vidées du nom et des adresses",
        "Inviter les communes et les EPCI : un mandat de six ans, et une année.",
    ).holding(
        emptied="head_civility head_first_name head_last_name phone email",
        replaced={"head_since": None},
        untouched="street",
        plain="commune_code epci_siren postal_code city canton address_source head_source",
        internal="erased_hashes",
    ),
    "guests": personal(
        1096 * DAY,
        HEAD_WRITTEN,
        "vidées du contact et des adresses",
        "Inviter d’autres organismes, trois années de suite.",
    ).holding(
        emptied="contact_civility contact_first_name contact_last_name contact_function phone "
        "email",
        untouched="name name_key",
        plain="kind source",
        internal="name_key",
    ),
    "book_filters": for_good("Un filtre que l’équipe nomme, sans personne.").holding(
        masked="name query"
    ),
    "plan_proposals": after_fair("Propositions de plan", 730, "supprimées", EXHIBITORS).holding(
        masked="asked_by", plain="hall_versions result"
    ),
    **SALES_DATA,
    "agents": after_fair("Agents du village", 365, "anonymisées, comptes fermés", ROTA).holding(
        emptied="name_key function email phone needs_note",
        replaced={
            "account_id": None,
            "first_name": "Personne",
            "last_name": "effacée",
            "languages": [],
            "needs": [],
            "limits": {},
            "is_coordinator": False,
            "next_edition_agreed_at": None,
        },
        untouched="civility",
        internal="version rota_version name_key email_key calendar_token",
    ),
    "agent_periods": after_fair("Disponibilités des agents", 365, "supprimées", ROTA).holding(
        masked="note"
    ),
    "shifts": after_fair("Vacations", 365, "anonymes avec l’agent", ROTA).holding(
        emptied="noted_by", masked="noted_by", internal="uid sequence noted_by"
    ),
    "publications": after_fair("Publications du planning", 365, "anonymisées", ROTA).holding(
        emptied="published_by note reason", masked="published_by note reason"
    ),
    "rota_runs": after_fair("Calculs du planning", 365, "supprimées", ROTA).holding(
        masked="progress result asked_by", plain="effort agent_versions"
    ),
    "stand_ins": after_fair("Remplacements", 365, "vidées de leur motif", ROTA).holding(
        emptied="reason closed_by", masked="reason closed_by"
    ),
    "exchanges": after_fair("Échanges de vacations", 365, "vidées de leurs mots", ROTA).holding(
        emptied="words", masked="words"
    ),
    "appointments": after_fair("Rendez-vous", 90, "vidées de leurs mots", MEETINGS).holding(
        emptied="subject project stage deadline contact_email note booked_by",
        replaced={"amount": None, "funding": {}},
        masked="subject project deadline booked_by note",
        untouched="organisation",
        internal=(
            "version private_token uid sequence booked_by eve_told_at hour_told_at "
            "untended_told_at agreed_told_at"
        ),
    ),
    "appointment_steps": after_fair("Suites des rendez-vous", 90, "supprimées", MEETINGS).holding(
        emptied="words", masked="words owner"
    ),
    "appointment_documents": after_fair(
        "Documents joints aux rendez-vous", 90, "supprimées, fichiers compris", MEETINGS
    ).holding(masked="name", internal="stored_name media_type sha256"),
    "waiting_entries": after_fair("Listes d’attente", 90, "supprimées", MEETINGS).holding(
        masked="subject", untouched="contact_email", plain="offered", internal="private_token"
    ),
    "queue_tickets": after_fair("Numéros de file", 90, "anonymisées", MEETINGS).holding(
        replaced={"attendee_id": None}, internal="private_token"
    ),
    "appointment_holds": technical(DAY, "l’expiration", "Une heure gardée un instant.").holding(
        untouched="network", plain="token"
    ),
    "booking_requests": personal(
        2 * DAY, "la demande", "supprimées", "Confirmer une adresse."
    ).holding(
        masked="question",
        untouched="recipient email_key name_key person",
        plain="private_token hold_token led_to",
    ),
    "zone_presences": after_fair("Présences dans les zones", 90, "supprimées", INCIDENTS).holding(
        untouched="first_door"
    ),
    "conflicts": after_fair("Points à vérifier des entrées", 90, "supprimées", INCIDENTS).holding(
        masked="detail note settled_by", plain="scan_id settlement"
    ),
    "list_entries": after_fair(
        "Listes hors réseau des stations",
        1,
        "supprimées",
        "Connaître les badges sans réseau, ce jour-là.",
    ).holding(plain="successor"),
    "print_jobs": after_fair(
        "Impressions des bornes", 1, "supprimées", "Imprimer un badge à la borne."
    ).holding(masked="asked_by", plain="job_id layout"),
    "entrance_settings": after_fair(
        "Numéros d’urgence",
        90,
        "vidés des numéros d’urgence",
        "Les réglages servent à l’édition suivante.",
    ).holding(
        emptied="urgent_numbers",
        masked="urgent_numbers",
        plain="kiosk_pin_salt kiosk_pin_hash",
    ),
    "leads": after_fair(
        "Contacts laissés aux stands", 365, "supprimées, accords compris", LEADS
    ).holding(
        emptied="note follow_up", masked="note follow_up changed_by", internal="version changed_by"
    ),
    "lead_readings": for_good("Supprimées avec le contact laissé.").holding(
        masked="read_by", internal="reading_id"
    ),
    "lead_consents": for_good("Supprimés avec le contact laissé.").holding(
        untouched="purpose fields text_version"
    ),
    "paper_packs": after_fair("Dossiers papier", 7, "supprimées, fichiers compris", FILES).holding(
        masked="asked_by", untouched="file_name"
    ),
    "paper_pages": for_good("Supprimées avec le dossier papier.").holding(untouched="badge_ids"),
    "station_reports": for_good("L’état d’un appareil, pas d’une personne.").holding(
        plain="pages_version failures device_check"
    ),
    "company_records": technical(
        30 * DAY, "la recherche", "Réponse publique de l’État ; ne sert qu’à remplir un formulaire."
    ).holding(untouched="answer"),
    "unsettled": for_good("Vide en dehors d’une écriture en cours.").holding(plain="name"),
    "number_series": for_good("Une suite de numéros reste sans trou."),
    "stations": for_good("Une station est un appareil, pas une personne.").holding(
        masked="name", plain="door token_hash"
    ),
    "read_tokens": for_good("Une clé donnée à un service, pas à une personne.").holding(
        masked="name", plain="token_hash"
    ),
    "alarms": for_good("État du service, sans personne.").holding(plain="kind subject words"),
    "machine_reports": for_good("État d’une machine, sans personne.").holding(
        plain="machine kinds tasks"
    ),
    "mail_oppositions": for_good(
        "Ne plus écrire à qui l’a demandé, après tout import et tout effacement ; une empreinte de "
        "l’adresse, sans l’adresse."
    ).holding(plain="source", internal="address_hash"),
    "marks": for_good("Un fait sur l’installation, sans personne.").holding(plain="value"),
    **public(
        FAIR,
        "zones exhibitor_themes editions edition_days halls stands partner_bodies topics "
        "topic_themes themes rooms landmarks programme_items fair_files doors",
    ),
    **public("Des articles et des montants, sans personne.", "allocations sales"),
    **public("Le tarif d’une édition.", "price_items"),
    **public("Ce qui a été demandé, en nombre.", "wanted_options"),
    **public("Les conditions faites à tous.", "exhibitor_terms added_tasks"),
    **public("Des nombres de personnes, sans personne.", "kept_figures"),
    **public("Publiées telles quelles, sans personne.", "data_releases data_files"),
    **public(PLACES, "communes epcis"),
    **public(
        ANONYMOUS,
        "agent_stands agent_themes shift_claims stand_in_asks appointment_agent_claims "
        "appointment_visitor_claims",
    ),
    **public("Ce que demande un stand, en nombre.", "needs need_themes"),
    **public(
        "Les règles faites à tous.", "badge_settings booking_settings theme_bookings stand_bookings"
    ),
    **public("Les réglages d’un planning.", "rotas"),
    **public("Qui peut s’inscrire en ligne, en nombre.", "registration_settings text_versions"),
    **public("Ce que chaque message montre à qui le reçoit.", "mail_settings"),
}
