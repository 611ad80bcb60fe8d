"""Rules of the day, of stand-ins and of exchanges."""
