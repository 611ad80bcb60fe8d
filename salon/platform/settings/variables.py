"""Every environment variable that the service reads, with its default and its meaning.

`Environment` reads no other; `docs/commands.md` is made from this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["LIBRARY_VARIABLES", "SECTIONS", "VARIABLES", "Variable"]


@dataclass(frozen=True)
class Variable:
    """A variable; its texts are those of the page, in French."""

    name: str
    meaning: str
    default: str = ""
    development: str | None = None
    """The default outside production, where it differs."""
    default_words: str = ""
    """Words of the page for a computed default."""
    is_secret: bool = False
    """It may lie in the file of NAME_FILE, or in a credential of systemd."""

    @property
    def credential(self) -> str:
        """Name of the file of $CREDENTIALS_DIRECTORY that holds the secret."""
        return self.name.lower()


SECTIONS: Mapping[str, tuple[Variable, ...]] = {
    "Installation": (
        Variable(
            "SALON_ENV",
            "`production` refuse la démonstration et sa base, un secret qui se devine, une "
            "adresse qui n’est pas https ; `development` ailleurs ; tout autre mot est refusé",
            "development",
        ),
        Variable(
            "SALON_DATA",
            "dossier où le service écrit : base SQLite, fichiers déposés, éditions, secrets",
            default_words="`var/` du dossier du code ; obligatoire pour un logiciel installé",
        ),
        Variable(
            "DATABASE_URL",
            "`postgresql://utilisateur@hôte/base` quand plusieurs machines écrivent, "
            "ou `sqlite:///chemin`",
            default_words="SQLite dans `SALON_DATA`",
            is_secret=True,
        ),
        Variable(
            "SECRET_KEY",
            "32 caractères tirés au sort ou plus (`openssl rand -hex 32`) : scelle les "
            "sauvegardes, chiffre les seconds facteurs ; gardez-en une copie ailleurs",
            default_words="`SALON_DATA/secret_key`, fait au premier démarrage hors production",
            is_secret=True,
        ),
        Variable(
            "SECRET_KEY_FALLBACKS",
            "anciennes clés, encore lues, séparées par des virgules",
            is_secret=True,
        ),
        Variable(
            "SALON_DEMONSTRATION",
            "`1` ouvre les pages de la démonstration sur une base que `seed` a faite ; `0` refuse "
            "les pages, l’horloge de la démonstration et `seed`",
            default_words="pages fermées, `seed` permis hors production",
        ),
        Variable(
            "SALON_DEMONSTRATION_PUBLIC",
            "`1` permet la démonstration derrière une adresse https",
            "0",
        ),
    ),
    "Fichiers": (
        Variable(
            "SALON_FILES_URL",
            "`https://serveur/bucket` ou `https://serveur/bucket/préfixe` : les fichiers vont dans "
            "ce bucket S3, que plusieurs machines partagent",
            default_words="les fichiers restent dans `SALON_DATA`",
        ),
        Variable("SALON_FILES_REGION", "région du bucket, si son serveur en veut une", "us-east-1"),
        Variable("SALON_FILES_ACCESS_KEY", "identifiant de la clé d’accès au bucket"),
        Variable("SALON_FILES_SECRET_KEY", "cette clé d’accès", is_secret=True),
        Variable(
            "SALON_FILES_CA_FILE",
            "fichier PEM d’une autorité de certification, en plus du système",
        ),
    ),
    "Serveur": (
        Variable("HOST", "adresse où `serve` écoute", "127.0.0.1"),
        Variable("PORT", "port où `serve` écoute", "5000"),
        Variable(
            "WEB_WORKERS",
            "processus qui répondent : un par cœur, 4 096 connexions chacun au plus",
            "2",
        ),
        Variable(
            "PUBLIC_URL",
            "adresse `https://…` du salon, courte : elle commence chaque QR code (32 caractères "
            "au plus le gardent à la version 3) ; ne la changez plus après la première impression",
            default_words="`http://127.0.0.1:PORT` ; obligatoire en production",
        ),
        Variable("TRUSTED_HOSTS", "autres noms d’hôte acceptés, séparés par des virgules"),
        Variable(
            "TRUSTED_PROXIES",
            "nombre de proxys placés devant, dont `X-Forwarded-For` est cru",
            "0",
        ),
    ),
    "Courriels": (
        Variable("SMTP_HOST", "serveur de courriel ; sans lui, les messages attendent"),
        Variable("SMTP_PORT", "son port", "25"),
        Variable("SMTP_USER", "compte ; refusé sans chiffrement"),
        Variable("SMTP_PASSWORD", "mot de passe du compte", is_secret=True),
        Variable(
            "SMTP_TLS",
            "`starttls` (ou `1`), `implicit` ou `0` ; le certificat est toujours vérifié",
            default_words="`implicit` sur le port 465, sinon `0`",
        ),
        Variable(
            "SMTP_CA_FILE",
            "fichier PEM d’une autorité de certification, en plus du système ; vaut aussi pour la "
            "boîte d’`IMAP_HOST`",
        ),
        Variable(
            "MAIL_FROM", "expéditeur : une adresse, ou `Nom <adresse>`", "salon@salon.example"
        ),
        Variable(
            "MAIL_HOLD_MINUTES",
            "minutes pendant lesquelles le courriel d’un acte de l’organisation peut être rappelé",
            "10",
        ),
        Variable(
            "MAIL_PER_MINUTE",
            "courriels non urgents (invitations, messages à plusieurs, rappels) qui partent en une "
            "minute, de chaque machine : ce que le serveur de courriel accepte ; les autres "
            "partent aussitôt",
            "120",
            development="6000",
        ),
        Variable(
            "IMAP_HOST",
            "serveur de la boîte de `MAIL_FROM`, où reviennent les courriels refusés plus tard ; "
            "sans lui, elle n’est pas lue",
        ),
        Variable("IMAP_PORT", "son port, chiffré dès le début", "993"),
        Variable("IMAP_USER", "compte de cette boîte"),
        Variable("IMAP_PASSWORD", "mot de passe de ce compte", is_secret=True),
        Variable("IMAP_FOLDER", "dossier lu", "INBOX"),
    ),
    "Connexion par un service d’identité (OpenID Connect)": (
        Variable(
            "OIDC_ISSUER",
            "adresse du service, telle qu’il se nomme : `https://…` ; sans elle, ni bouton ni page",
        ),
        Variable("OIDC_CLIENT_ID", "identifiant reçu en déclarant le salon à ce service"),
        Variable("OIDC_CLIENT_SECRET", "secret reçu avec cet identifiant", is_secret=True),
        Variable("OIDC_LABEL", "nom du service sur le bouton", "ProConnect"),
        Variable(
            "OIDC_ORGANISER_ACR",
            "niveaux (`acr`) qui attestent deux facteurs, séparés par des virgules ; "
            "l’organisation n’entre par ce service qu’avec l’un d’eux, et pas du tout sans liste",
        ),
        Variable(
            "OIDC_EMAIL_VERIFIED",
            "`1` : ce service vérifie toutes ses adresses sans le dire (`email_verified`), comme "
            "ProConnect ; `0` : seule entre une adresse qu’il dit vérifiée",
            "0",
        ),
    ),
    "Mentions légales (bandeau rouge tant que l’une manque)": (
        Variable("LEGAL_PUBLISHER", "éditeur du site"),
        Variable("LEGAL_ADDRESS", "son adresse"),
        Variable("LEGAL_PHONE", "son téléphone"),
        Variable("LEGAL_EMAIL", "son adresse électronique"),
        Variable("LEGAL_DIRECTOR", "direction de la publication"),
        Variable("LEGAL_HOST", "hébergeur, adresse et téléphone"),
        Variable("LEGAL_CONTROLLER", "responsable du traitement des données"),
        Variable("LEGAL_DPO", "délégué à la protection des données"),
    ),
    "Limites": (
        Variable(
            "REGISTRATIONS_PER_HOUR",
            "inscriptions par réseau (adresse IPv4, /64 d’IPv6) et par heure",
            "20",
            development="2000",
        ),
        Variable(
            "BOOKINGS_PER_MINUTE",
            "demandes de rendez-vous par réseau et par minute",
            "120",
            development="6000",
        ),
        Variable(
            "HOLDS_PER_NETWORK",
            "créneaux gardés à la fois pour un réseau et non confirmés",
            "30",
            development="6000",
        ),
    ),
    "Divers": (
        Variable(
            "BACKUP_RECIPIENTS_FILE",
            "clés publiques d’[age](https://age-encryption.org), une par ligne : chaque "
            "sauvegarde est chiffrée pour elles",
        ),
        Variable(
            "SALON_MACHINE",
            "nom de cette machine dans les alertes, quand plusieurs servent une base",
            default_words="celui du système",
        ),
        Variable(
            "SALON_LOG_FORMAT",
            "`text`, une ligne chacun, ou `json`, un objet par ligne : ce que le service écrit sur "
            "la sortie d’erreur",
            "text",
        ),
        Variable(
            "SENTRY_DSN",
            "`https://clé@serveur/projet` : les incidents sont envoyés à ce Sentry ; demande le "
            "paquet `sentry-sdk`",
            is_secret=True,
        ),
        Variable(
            "METRICS_TOKEN",
            "ouvre `/metrics` à qui le porte : 32 caractères tirés au sort ou plus ; sans lui "
            "l’adresse n’existe pas et rien n’est compté",
            is_secret=True,
        ),
        Variable(
            "COMPANY_SEARCH_URL",
            "annuaire des entreprises qui remplit nom et adresse ; seul le SIRET est envoyé, et "
            "sans réponse en 2 s la personne tape",
            "https://recherche-entreprises.api.gouv.fr",
        ),
        Variable(
            "VIES_URL",
            "`https://ec.europa.eu/taxation_customs/vies/rest-api` : un organisateur y vérifie un "
            "numéro de TVA ; seuls ce numéro et celui de l’émetteur sont envoyés. Vide, rien ne "
            "l’est",
        ),
    ),
}

VARIABLES: Mapping[str, Variable] = {
    variable.name: variable for section in SECTIONS.values() for variable in section
}

LIBRARY_VARIABLES = (
    Variable(
        "HTTPS_PROXY",
        "proxy par lequel joindre l’annuaire des entreprises, VIES et le service d’identité",
    ),
    Variable("NO_PROXY", "hôtes qui se joignent sans ce proxy"),
    Variable("SSL_CERT_FILE", "autorités de certification de ces appels"),
    Variable("PGPASSWORD", "mot de passe de PostgreSQL, s’il n’est pas dans `DATABASE_URL`"),
    Variable(
        "CREDENTIALS_DIRECTORY",
        "posée par systemd (`LoadCredential=`) : un secret sans variable ni fichier y est lu "
        "sous son nom en minuscules, comme `secret_key`",
    ),
)
"""Read by libraries, or set by systemd."""
