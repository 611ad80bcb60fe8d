"""Forms of the doors."""

from salon.entrance.forms.conflicts import ConflictFilterForm, SettleForm, SettleTogetherForm
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

__all__ = [
    "AddDoorForm",
    "AddZoneForm",
    "ChangeDoorForm",
    "ChangeZoneForm",
    "CheckInForm",
    "ConflictFilterForm",
    "ImportForm",
    "SeenForm",
    "SettingsForm",
    "SettleForm",
    "SettleTogetherForm",
    "StationForm",
]
