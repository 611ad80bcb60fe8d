"""What must be true of stations."""

from salon.errors import RuleBroken


class StationExists(RuleBroken):
    message = "Une station porte déjà ce nom\u00a0: choisissez-en un autre, ou révoquez l’ancienne."
