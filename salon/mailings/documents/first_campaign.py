"""The campaign proposed for a fair: four letters, which the organisers rewrite as they like."""

from collections.abc import Sequence

from salon.fair.models import Edition
from salon.mailings.services.drafts import Draft

INVITATION = """\
{civilité},

Nous serions heureux d’accueillir {organisme} au salon : {salon}.

Quand : {jour}, {heures}
Où : {lieu}, {adresse}

Élus, agents et services y sont les bienvenus. L’inscription est gratuite. Sur votre page, \
inscrivez une ou plusieurs personnes, ou dites-nous que vous ne viendrez pas.

{lien}
"""
REMINDER = """\
{civilité},

Nous avons invité {organisme} au salon et nous n’avons pas encore de réponse.

Quand : {jour}, {heures}
Où : {lieu}, {adresse}

Une minute suffit, sur votre page : inscrire quelqu’un, ou dire que vous ne viendrez pas. Dans les \
deux cas, nous ne vous relancerons plus.

{lien}
"""
VISIT = """\
{civilité},

Nous vous attendons au salon.

Quand : {jour}, {heures}
Où : {lieu}, {adresse}

Vous n’avez pas encore de rendez-vous. Les agents du village répondent aux questions des \
communes : choisissez sur le site du salon le sujet et l’heure qui vous conviennent. On peut aussi \
venir sans rendez-vous.

Votre badge est sur votre page, avec les informations pratiques.

{lien}
"""
LAST_WORDS = """\
{civilité},

Le salon ouvre dans quelques jours.

Quand : {jour}, {heures}
Où : {lieu}, {adresse}

Avant de partir :

- ayez votre badge, imprimé ou sur votre téléphone ;
- regardez le programme et le plan sur le site du salon ;
- si vous ne pouvez plus venir, votre page permet d’annuler, ou de donner votre place.

{lien}
"""


STEPS: Sequence[tuple[int, str, str, str, dict[str, str]]] = (
    (90, "vous êtes invités", INVITATION, "places", {"state": "to_send"}),
    (45, "serez-vous des nôtres ?", REMINDER, "places", {"state": "silent"}),
    (15, "préparez votre visite", VISIT, "people", {"appointment": "no"}),
    (3, "à bientôt", LAST_WORDS, "people", {}),
)
"""Days before the fair, end of the subject, text, audience and filters of each step."""


def first_campaign(edition: Edition) -> list[Draft]:
    """Return the steps proposed: invitation, reminder of the silent, visit, last words."""
    return [
        Draft(f"{edition.short_name} : {subject}", text, audience, filters, days_before=days)
        for days, subject, text, audience, filters in STEPS
    ]
