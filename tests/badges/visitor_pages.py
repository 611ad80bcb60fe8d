"""Fields that fill the pages of badges."""

from datetime import UTC, datetime

NOW = datetime.now(UTC)

HOSTILE = [
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "{{7*7}}",
    "<img src=x onerror=alert(1)>",
    "\u202eesrever",
    "<a href=//evil>x</a>",
    "[ici](http://evil)",
    "{x.__class__}",
    "</title><script>x",
]

VISITOR = {
    "civility": "madame",
    "first_name": "Marie-Hélène",
    "last_name": "d’Arçon",
    "function": "mayor",
    "commune": "Saint Martin de l'Arcon",
    "email": "mairie@arcon.example",
    "half_day": "morning",
}


def page_of(response) -> str:  # type: ignore[no-untyped-def]
    return str(response.get_data(as_text=True))
