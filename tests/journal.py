"""An entry of the journal that no feature writes."""

from salon.platform.database.journal import JournalAction


class SampleAction(JournalAction):
    WROTE = "test.wrote", "Essai"
