"""What an organiser may set of the doors."""

from salon.platform.errors import RuleBroken


class SettingsChanged(RuleBroken):
    message = (
        "Quelqu’un d’autre vient de modifier ces réglages\u00a0: comparez avec ce qui est "
        "enregistré, puis validez de nouveau si vos changements tiennent toujours."
    )


def check_settings_are_the_same(known: int, found: int) -> None:
    """Nobody changed the settings since they were read (R-12). Raises SettingsChanged."""
    if known != found:
        raise SettingsChanged
