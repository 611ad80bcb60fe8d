"""Durations measured at the earlier edition, shown in the one prepared from it."""

from datetime import date, time

from salon.appointments.queries.durations import MeasuredTheme
from salon.dashboard.presenters.edition_review import durations_to_check
from salon.fair.models import Edition, EditionDay

DAY = EditionDay(day_on=date(2027, 4, 2), opens=time(9), closes=time(17, 30))
PAST = Edition(time_zone="Europe/Paris", days=[DAY])


def test_only_a_theme_that_lasted_otherwise_is_to_be_looked_at() -> None:
    themes = [
        MeasuredTheme("L’eau", planned_minutes=20, median_minutes=31, count=7),
        MeasuredTheme("La voirie", planned_minutes=20, median_minutes=24, count=9),
    ]
    (point,) = durations_to_check(PAST, themes)
    assert point.title == "L’eau"
    assert point.text.startswith("Mesuré en 2027\u00a0: la moitié des 7 rendez-vous")
    assert "ont duré plus de 31\u00a0min. Prévu\u00a0: 20\u00a0min." in point.text
