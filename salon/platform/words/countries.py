"""Countries that forms offer: ISO 3166 code → French name."""

COUNTRIES = {
    "FR": "France",
    "DE": "Allemagne",
    "AD": "Andorre",
    "AT": "Autriche",
    "BE": "Belgique",
    "BG": "Bulgarie",
    "CA": "Canada",
    "CY": "Chypre",
    "HR": "Croatie",
    "DK": "Danemark",
    "ES": "Espagne",
    "EE": "Estonie",
    "US": "États-Unis",
    "FI": "Finlande",
    "GR": "Grèce",
    "HU": "Hongrie",
    "IE": "Irlande",
    "IT": "Italie",
    "LV": "Lettonie",
    "LT": "Lituanie",
    "LU": "Luxembourg",
    "MT": "Malte",
    "MA": "Maroc",
    "MC": "Monaco",
    "NO": "Norvège",
    "NL": "Pays-Bas",
    "PL": "Pologne",
    "PT": "Portugal",
    "RO": "Roumanie",
    "GB": "Royaume-Uni",
    "SK": "Slovaquie",
    "SI": "Slovénie",
    "SE": "Suède",
    "CH": "Suisse",
    "CZ": "Tchéquie",
    "TN": "Tunisie",
}

EUROPEAN_UNION = frozenset(COUNTRIES) - {"AD", "CA", "CH", "GB", "MA", "MC", "NO", "TN", "US"}


def country_name(code: str) -> str:
    return COUNTRIES.get(code, code)
