"""Rules of the settings of the doors."""

from salon.platform.errors import RuleBroken


class SettingsChanged(RuleBroken):
    message = (
        "Quelqu’un d’autre vient de modifier ces réglages\u00a0: comparez avec ce qui est "
        "enregistré, puis validez de nouveau si vos changements tiennent toujours."
    )


def check_settings_version(read_version: int, saved_version: int) -> None:
    """The settings must be those that were read (optimistic lock). Raises SettingsChanged."""
    if read_version != saved_version:
        raise SettingsChanged
