"""Forms of the doors."""

from salon.entrance.forms.conflicts import ConflictFilterForm, SettleForm, SettleKindForm
from salon.entrance.forms.imports import ImportForm
from salon.entrance.forms.settings import SettingsForm
from salon.entrance.forms.stations import CheckInForm, StationForm
from salon.entrance.forms.zones import (
    AddDoorForm,
    AddZoneForm,
    ChangeDoorForm,
    ChangeZoneForm,
    SeenForm,
)
