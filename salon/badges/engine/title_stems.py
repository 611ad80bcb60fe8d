"""Tables of the words of French functions, with their exceptions; `titles` reads with them."""

import re
from enum import StrEnum

from salon.badges.models.labels import Function


class TitleKind(StrEnum):
    """`AGENT`: works for a public body; `VISITOR`: neither; `UNSURE`: the person is asked."""

    ELECTED = "elected"
    AGENT = "agent"
    VISITOR = "visitor"
    UNSURE = "unsure"


ELECTED, AGENT, VISITOR, UNSURE = TitleKind

INCLUSIVE = re.compile(
    r"(?<=[^\W\d_])(?:\((?:e|[eè]re|rice|trice|ice|ne|se|euse|ve|le|lle|te|que)s?\)"
    r"|[·•.‧⋅/\-](?:e|[eè]re|rice|trice|ice|ne|euse|ve|lle)(?:[·•.‧⋅/\-]?s)?(?![\w’']))",
    re.IGNORECASE,
)
BOTH = re.compile(r"\b((\w{4})\w*)\s?/\s?\2\w*", re.IGNORECASE)
"""« directeur/directrice »: one word in both genders."""
DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
CUT = re.compile(
    r"[,;/|\n•+&]|(?<=\s)[-–—](?=\s)|\b(?:ainsi que|puis|egalement|également)\b|\b(?=et\b)",
    re.IGNORECASE,
)
_SHORT = {
    "adjoint": "adj adjt adjte",
    "conseiller": "cons conseill cllr",
    "municipal": "mun muni munic municip mpal mpale",
    "departemental": "dept depart dpt dptal",
    "regional": "regio",
    "communautaire": "comm communaut",
    "president": "copresident pt pdt pdte pst pres presid prdt psdt",
    "vice president": "vp vpdt vpdte vpt vpte",
    "responsable": "resp respons",
    "delegue": "deleg",
    "technique": "tech techn",
    "administratif": "admin adm administ",
    "senateur": "sen",
    "depute": "eurodepute",
    "assistant": "assist",
    "general": "gal",
}
ABBREVIATIONS = {short: word for word, shorts in _SHORT.items() for short in shorts.split()}
AS_FIRST = {"dir": "directeur", "sec": "secretaire"}
AFTER_COUNCILLOR = {"dep": "departemental", "reg": "regional", "gen": "general"} | dict.fromkeys(
    ("cc", "com"), "communautaire"
)
_ENDINGS = (
    "trice:teur conseillere:conseiller iere:ier presidente:president ointe:oint elue:elu "
    "deleguee:delegue deputee:depute chargee:charge attachee:attache "
    "retraitee:retraite employee:employe ienne:ien euse:eur "
    "ante:ant ative:atif ale:al taine:tain cheffe:chef "
    "mairesse:maire agente:agent efete:efet"
)
ROOTS = [tuple(pair.split(":")) for pair in _ENDINGS.split()]
"""Feminine endings and the masculine ones that stand for both in the tables below."""
MASCULINE_ENDINGS = tuple(masculine for _, masculine in ROOTS if masculine != "chef")
FEMININE = re.compile(r"(?:\d+e?re|mme|madame|epouse|pdte|vpdte|vpte|adjte)$")
MASCULINE = re.compile(
    r"(?:\d+er|monsieur|pdt|vpdt|adjt|depute|delegue|"
    r"charge|attache|retraite|employe)$"
)
_EPICENE = (
    "agent chef capitaine ingenieur professeur chauffeur maire adjudant secretaire responsable "
    "sous membre gestionnaire comptable parlementaire stagiaire titulaire referent vp vice "
    "dg dgs dga dgst dst drh daf dsi"
)
EPICENE = frozenset(_EPICENE.split())
"""Words that people write for women and for men alike. After any other word an adjective may be
that of a thing: « Police municipale »."""
SKIPPED = re.compile(
    r"^(?:(?:et|m|mr|mme|madame|monsieur|le|la|l|les|un|une|mon|notre|votre|en|tant|que|qualite|"
    r"n|no|numero|\d+(?:er|ere|e|eme|ieme|nd|nde|re)?|er|ere|e|eme|ieme|nd|nde|i+er|i+e|premier|deuxieme|second|"
    r"seconde|"
    r"troisieme|quatrieme|cinquieme|sixieme|septieme|huitieme|neuvieme|dixieme|onzieme|"
    r"douzieme|treizieme|quatorzieme|quinzieme|co|titulaire|actuel|actuelle|jeune|nouveau|"
    r"nouvelle|nouvellement) )+"
)
COMPLEMENT = re.compile(
    r"^(?:et )?(?:a|au|aux|de|du|des|d|en|pour|sur|chez|dans|par|a la|a l|charge de|pres|aupres|"
    r"elus|elues|adjoints|maires)\b"
)
FORMER = re.compile(r"^(?:ancien|ancienne|ex|anciennement)\b|\b(?:honoraire|emerite)\b")
CANDIDATE = re.compile(
    r"\b(?:futur|future|candidat|candidate|sortant|sortante|tete de liste|jusqu)\b|"
    r"(?<=\w )retraite$|"
    r"\b(?:19|20)\d\d (?:a )?(?:19|20)\d\d\b"
)
YOUTH = re.compile(r"\b(?:junior|juniors|cmj|cme|jeunes|enfant|enfants|lyceen|lyceens|collegiens)$")
ADJECTIVE = re.compile(r"\w adjoint\b(?! (?:au |du |de la |a la )?(?:maire|mairie)\b)")
"""« Trésorier adjoint », of an association perhaps; « Agriculteur adjoint au maire » is clear."""
STEMS = ("maire", "adjoint", "conseiller", "president", "depute", "senateur", "elu")
STEM = re.compile(rf"\b(?:{'|'.join(STEMS)})\b")
OF_STEM = re.compile(
    r"\b(?:du|de|d|des|au|aux|aupres|l|le|la|m|mme|madame|monsieur) (?:\w+ )?"
    r"(?:maire|adjoint|adjoints|conseiller|president|depute|senateur|elu|elus|elues)\b"
)

HEADS = re.compile(
    r"^(?P<head>maire|vice president|president|adjoint|conseiller|depute|senateur|senat|elu|"
    r"delegue|parlementaire|membre|echevin|bourgmestre|suppleant|representant)\b ?"
    r"(?P<rest>.*)$"
)
_CHIEF = (
    r"(?:directeur|direction|dg|dgs|dga|dgst|dst|drh|daf|dsi|responsable|chef|coordinateur|"
    r"coordonnateur|secretaire|commandant|cadre|gestionnaire|comptable|cabinet|regisseur)"
)
_POLICY = r"(?:delegue|charge|en charge|referent)\b"
_LOCAL = (
    r"(?:municipal|communal|departemental|regional|communautaire|metropolitain|intercommunal|"
    r"general|syndical|a l assemblee de corse|cd ?\d*$|d arrondissement|de paris|"
    r"de la metropole|du departement|de la region)"
)
_BODY = (
    r"(?:communaute(?: de communes| d agglo\w*| urbaine| europeenne|$)|"
    r"commun\b|cc|ca|cu|cd ?\d+|cd$|agglo|agglomeration|agglopole|metropole|epci|"
    r"intercommunalite|interco|departement|conseil departemental|conseiller departemental|"
    r"departemental|region|regional|conseil regional|conseiller regional|intercommunal|"
    r"communautaire|metropolitain|com com|comcom|cdc|sivom|sivu|siaep|smictom|sictom|sictoba|"
    r"siceco|syndicat mixte|syndicat intercommunal|syndicat des eaux|syndicat d eau|"
    r"syndicat des energies|syndicat d energie|syndicat departemental|syndicat de rivieres?|"
    r"syndicat du bassin|sdis|sdis ?\d+|centre de gestion|cdg ?\d*|petr|ept|scot|pnr|parc naturel|"
    r"ccas|cias|amf ?\d*|amrf ?\d*|association des maires|association departementale des maires|"
    r"maires ruraux|assemblee nationale|senat|"
    r"groupe (?:d opposition|municipal|majoritaire|politique|d elus|de la majorite)|"
    r"cc[a-hj-z][a-z]{1,5}|(?!caf\b|cas\b)c[au][b-df-hj-np-tv-z]{1,4})"
)
_PRIVATE = (
    r"\b(?:association|asso|assoc|societe|sas|sasu|sarl|eurl|sa|scop|scic|sci|sem|club|comite|"
    r"amicale|federation|chambre|cci|cma|tribunal|universite|directoire|directeur general|dg|"
    r"pdg|cooperative|cave|fondation|mutuelle|jury|entreprise|groupement|cluster|ordre|union|"
    r"ecole|parents|caisse|patronal|professionnel|copropriete|medef|cpme|fdsea|fnsea|jury|"
    r"startup|filiale|company|agence immobiliere|conseil de quartier|syndicat d initiative|"
    r"syndicat agricole|syndicat cgt|syndicat cfdt|confrerie|ligue|cercle|academie|centre social|"
    r"foyer rural|office de tourisme|ot|crous|cpam|caf|ass|capeb|ffb|umih|apel|fcpe)\b"
)
_NAMED_EPCI = r"^de (?!la |l |les )(?:\w+ ){1,4}(?:metropole|agglo|agglomeration|agglopole)$"
_OF = r"^(?:\w+ )?(?:du|de la|de l|de|des|d|d un|d une)? ?(?:l |conseil )?"
_PRESIDENT = (
    (rf"{_OF}(?:association \w*\s?des maires|amr?f|maires ruraux)\b", ELECTED),
    (rf"{_OF}{_BODY}\b.*{_PRIVATE}|{_PRIVATE}.*\b{_BODY}$", UNSURE),
    (rf"{_OF}{_BODY}\b", ELECTED),
    (_PRIVATE, VISITOR),
    (_NAMED_EPCI, ELECTED),
    (r"", UNSURE),
)
TABLE: dict[str, tuple[tuple[str, TitleKind], ...]] = {
    "maire": (
        (r"^(?:de|du) (?:quartier|quartiers)$", UNSURE),
        (r"", ELECTED),
    ),
    "adjoint": (
        (
            r"^(?:technique|administratif|territorial|principal|d animation|du patrimoine|"
            r"gestionnaire|d enseignement|d education|educatif|des cadres|de direction|de gestion|"
            r"de securite|de maitrise|comptable|des services|de laboratoire|de soins|"
            r"de cabinet|hospitalier|d exploitation|medico|pedagogique|contractuel)\b",
            AGENT,
        ),
        (rf"^(?:au|aux|a la|a l|du|de la|de l|de) {_CHIEF}\b|\bclasse\b|\b[cb]\d\b", AGENT),
        (r"^(?:dgs|dga|dst|chef|directeur|direction|comptable)\b", AGENT),
        (r"^responsable\b", UNSURE),
        (
            r"^(?:animation|patrimoine|enseignement|securite|services?|service .*|rh|comptabilite|"
            r"informatique|cantine|creche|espaces verts|pole|du pole|au pole)$",
            UNSURE,
        ),
        (r"^(?:au|aux|du|des|de|au pole|du pole) (?:services?|pole)\b", UNSURE),
        (r"^(?:au|du|de la|a la) (?:president|presidence|prefet|sous prefet)\b", UNSURE),
        (r"", ELECTED),
    ),
    "conseiller": (
        (
            r"^(?:du|de la|aupres|special|a la presidence|au cabinet|de cabinet|d elu) ?"
            r"(?:maire|president|la maire|le maire|du maire|du president|cabinet|ministre)?"
            r"(?= |$)(?!.*\b(?:departement|region|metropole|majorite|commune|communaute)\b)",
            AGENT,
        ),
        (rf"^{_POLICY}", ELECTED),
        (rf"^(?:departemental|regional|territorial)\b.*{_PRIVATE}", UNSURE),
        (
            r"^(?:en )?(?:commercial|clientele|gestion de patrimoine|patrimoine|"
            r"recrutement|de vente|de clientele|bancaire|financier|immobilier|"
            r"funeraire|conjugal|patrimonial|assurances?|voyages?|vendeur|prud|fiscal|"
            r"independant|professionnel|entreprises?|client|consulaire|d entreprises?)\b",
            VISITOR,
        ),
        (
            r"^(?:numerique|principal|pedagogique|technique|en|info|france|habitat|sportif|socio|"
            r"energie|juridique|emploi|insertion|mobilite|de prevention|prevention|agricole|"
            r"aux decideurs|d orientation|orientation|environnement|renovation|rh|"
            r"espaces?|itinerant|territorial des|cee|budgetaire|urbanisme|d animation)\b",
            AGENT,
        ),
        (rf"^{_LOCAL}\b(?! .*\b(?:jeunes|enfants)\b)", ELECTED),
        (r"^(?:d opposition|de la majorite|de l opposition|d arrondissement)\b", ELECTED),
        (r"", UNSURE),
    ),
    "president": _PRESIDENT,
    "vice president": (
        *_PRESIDENT[:-1],
        (
            r"^(?:delegue|charge|en charge) (?:a|au|aux|a la|a l|de|du|des|de la|de l|d|en|pour)\b",
            ELECTED,
        ),
        (r"", UNSURE),
    ),
    "depute": ((r"^(?:du personnel|syndical|suppleant)", UNSURE), (r"", ELECTED)),
    "senateur": ((r"^suppleant", UNSURE), (r"", ELECTED)),
    "senat": ((r"", UNSURE),),
    "parlementaire": ((r"", ELECTED),),
    "elu": (
        (
            r"\b(?:personnel|cse|ce|chsct|csst?|cst|syndical|cgt|cfdt|fo|unsa|cftc|etudiant|consulaire|cci|cma|"
            r"chambre|salaries|parents|msa|ordre|universite)\b",
            VISITOR,
        ),
        (r"\b(?:syndicat|conseil d administration)\b(?!.*ccas)", UNSURE),
        (r"", ELECTED),
    ),
    "delegue": (
        (
            r"^(?:municipal|communautaire|communal|intercommunal|metropolitain|sivom|"
            r"sivu|syndical intercommunal|(?:titulaire |suppleant )?au "
            r"(?:sivom|sivu|syndicat|sictom|smictom|conseil)|"
            r"du (?:sivom|sivu|syndicat mixte)|de la commune|de la communaute|communautaire)\b",
            ELECTED,
        ),
        (r"^(?:a la protection|du prefet|territorial|academique|de l etat|du gouv)", AGENT),
        (r"^(?:syndical|du personnel|general|commercial|medical|regional|departemental)", VISITOR),
        (r"", UNSURE),
    ),
    "membre": (
        (
            r"^(?:du|de l|de la|elu|de|d un) ?(?:conseil|bureau|assemblee|conseiller) "
            rf"(?:{_LOCAL})",
            ELECTED,
        ),
        (r"\b(?:conseil|bureau|majorite|opposition|executif|ccas|cias|commission)\b", UNSURE),
        (r"", VISITOR),
    ),
}
FUNCTIONS: tuple[tuple[str, Function], ...] = (
    (r"^maire (?:\w+ )?delegue", Function.DELEGATE_MAYOR),
    (r"^maire adjoint|^adjoint", Function.DEPUTY_MAYOR),
    (r"^maire", Function.MAYOR),
    (r"^(?:conseiller|delegue|elu) (?:\w+ )?municipal", Function.COUNCILLOR),
    (r"^(?:conseiller|delegue|elu) (?:\w+ )?departemental", Function.DEPARTMENTAL_COUNCILLOR),
    (r"^(?:conseiller|delegue|elu) (?:\w+ )?regional", Function.REGIONAL_COUNCILLOR),
    (r"^(?:depute|senateur|parlementaire)", Function.MEMBER_OF_PARLIAMENT),
)
EPCI = r"(?:communau|cc(?!as\b|i\b)|ca\b|cu\b|agglo|metropole|epci|interco|com com|comcom|cdc)"
STAFF: tuple[tuple[str, Function], ...] = (
    (r"^(?:dgs|directeur general des services)$", Function.CHIEF_EXECUTIVE),
    (
        r"^(?:dga|directeur general adjoint)(?: des services)?$",
        Function.DEPUTY_CHIEF_EXECUTIVE,
    ),
    (r"^(?:dst|directeur des services techniques)$", Function.TECHNICAL_DIRECTOR),
    (r"^secretaire(?: general)?(?: de mairie)?$", Function.TOWN_CLERK),
    (r"^policier municipal$", Function.MUNICIPAL_POLICE),
    (r"^technicien$", Function.TECHNICIAN),
    (r"^responsable de service$", Function.HEAD_OF_SERVICE),
    (r"^directeur$", Function.DIRECTOR),
    (r"^agent$", Function.OFFICER),
)
STAFF_HEADS = re.compile(
    r"^(?:agent|directeur|direction|dg|dgs|dga|dgas|dgst|dst|daf|drh|rrh|rh|dsi|dpo|responsable|"
    r"chef|secretaire|secretariat|attache|redacteur|ingenieur|technicien|assistant|charge|"
    r"coordinateur|coordonnateur|gestionnaire|policier|police|gardien|brigadier|garde|asvp|atsem|"
    r"animateur|educateur|bibliothecaire|mediathecaire|archiviste|comptable|instructeur|cadre|"
    r"fonctionnaire|collaborateur|referent|conservateur|regisseur|puericultrice|auxiliaire|"
    r"jardinier|cantonnier|chauffeur|administrateur|urbaniste|cabinet|service|services|sgm|"
    r"concierge|ouvrier|employe|employee|apprenti|stagiaire|receveur|tresorier public|prefet|"
    r"sous prefet|standardiste|hote|manager de centre|"
    r"contractuel|vacataire|adjt tech|protocole|huissier|directeur adjoint)\b"
)
PRIVATE_POST = re.compile(
    r"\b(?:commerciale?|commerciaux|ventes?|clients?|clientele|grands comptes|societe|sarl|sas|"
    r"agence|affaires|marketing|export|entreprise|magasin|bancaire|association|bureau d etudes|"
    r"cabinet d archi\w+|cabinet comptable|usine|syndicat cgt|cgt|cfdt|immobilier|assurances?)\b"
)
NO_TITLE = re.compile(
    r"^(?:mairie|commune|municipalite|conseil|bureau|executif|ccas|cm|cd|cr|vp|elus|elues|"
    r"edile|correspondant (?:defense|incendie|securite)|"
    r"ministre|secretaire d etat|magistrat|\W*\d*$)"
)
