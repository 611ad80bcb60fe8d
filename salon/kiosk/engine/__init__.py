"""Pure algorithms and values: no database, no Flask, no clock."""
