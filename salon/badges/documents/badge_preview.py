"""Pictures of sample badges, as the settings would print them."""

from io import BytesIO

from salon.badges.documents.badge_sheet import write_badges
from salon.badges.engine.qr import qr_payload
from salon.badges.models import BadgeSettings, Category
from salon.badges.models.badge_layouts import BadgeCategoryFace, BadgeFace, FairFace, Layout
from salon.badges.queries import category_colours, printed_face, short_code, stand_words
from salon.platform.documents.pdf.page_picture import page_picture

SAMPLE_CODE = "EXEMPLE" + "0" * 19
"""Not a code: its signature is false, so that no door lets it in."""
SAMPLES = {
    Category.ELECTED: ("Claire", "Martin", "Maire", "Saint-Martin-du-Val", ""),
    Category.VISITOR: ("Hugo", "Lefèvre", "Secrétaire de mairie", "Saint-Martin-du-Val", ""),
    Category.EXHIBITOR: ("Inès", "Moreau", "Directrice commerciale", "Éclairage et voirie", "12"),
    Category.AGENT: ("Karim", "Benali", "Chargé de mission", "Service des routes", "4"),
    Category.ORGANISER: ("Anne", "Petit", "Coordination", "Organisation du salon", ""),
    Category.PRESS: ("Paul", "Girard", "Journaliste", "La Gazette des communes", ""),
    Category.GUEST: ("Sophie", "Bernard", "Préfète", "Préfecture", ""),
}
"""First name, last name, function, organisation, stand."""
LABEL_SAMPLE = Category.EXHIBITOR
WIDTHS = {Layout.A4: 1000, Layout.A6: 1000, Layout.LABEL_62: 420, Layout.LABEL_102: 420}
"""Width of each picture, in pixels."""


def preview_picture(
    settings: BadgeSettings, fair: FairFace, layout: Layout, qr_prefix: str
) -> bytes:
    """Return a PNG of the sample badges: of every category on a sheet of ten, else of one."""
    categories = {Layout.A4: list(SAMPLES), Layout.A6: [Category.ELECTED]}
    faces = [
        _sample(category, settings, qr_prefix)
        for category in categories.get(layout, [LABEL_SAMPLE])
    ]
    stream = BytesIO()
    write_badges(stream, faces, fair, layout)
    return page_picture(stream.getvalue(), WIDTHS[layout])


def _sample(category: Category, settings: BadgeSettings, qr_prefix: str) -> BadgeFace:
    first_name, last_name, function, organisation, stand = SAMPLES[category]
    face = BadgeFace(
        first_name=first_name,
        last_name=last_name,
        function=function,
        organisation=organisation,
        category=BadgeCategoryFace(category.label, category_colours(settings.colours)[category]),
        payload=qr_payload(qr_prefix, SAMPLE_CODE),
        short_code=short_code(SAMPLE_CODE),
        stand=stand_words(stand),
    )
    return printed_face(face, settings.lines)
