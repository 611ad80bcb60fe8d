"""Forms of the territory."""

from wtforms import SelectField

from salon.platform.database.versions import Values
from salon.platform.pages.forms import SalonForm, StampForm, organisation_field, required
from salon.platform.words.territory import MAINLAND_ZONE, OVERSEAS_ZONES, departments, zone_of

LONGEST_VILLAGE_NAME = 60
OF_DEPARTMENT = ""
"""The choice of the département's own time zone."""


def department_choices() -> dict[str, str]:
    labels = {department.code: department.label for department in departments()}
    return {"": "Choisissez…", **labels}


def zone_choices() -> dict[str, str]:
    names = {department.code: department.name for department in departments()}
    return {
        OF_DEPARTMENT: "Celle du département",
        MAINLAND_ZONE: "Paris",
        **{zone: names[code] for code, zone in OVERSEAS_ZONES.items()},
    }


def department_field(label: str) -> SelectField:
    required_department = required("Choisissez un département.")
    return SelectField(label, validators=[required_department], choices=department_choices)


class NeighbourForm(SalonForm):
    """A département whose communes and EPCI join the list."""

    neighbour = department_field("Département voisin")


class TerritoryForm(StampForm):
    department = department_field("Département")
    village_name = organisation_field(
        "Nom du village",
        required("Donnez un nom au village, par exemple « le village »."),
        length=LONGEST_VILLAGE_NAME,
    )
    time_zone = SelectField("Heure du salon", choices=zone_choices)

    @property
    def values(self) -> dict[str, str]:
        zone = self.time_zone.data or zone_of(self.department.data)
        return {**super().values, "time_zone": zone}

    @staticmethod
    def shown(values: Values) -> Values:
        """Return the values of the fields; the département's own time zone is not named."""
        is_default = values["time_zone"] == zone_of(values["department"])
        return {**values, "time_zone": OF_DEPARTMENT if is_default else values["time_zone"]}
