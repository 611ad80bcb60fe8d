"""Entry point found by `flask run`, granian and gunicorn."""

import gc
import os

from salon import create_app

# Whatever this process writes (database, uploads, print runs, backups) is for its user alone.
os.umask(0o077)

app = create_app()

# What start-up made stays for good: the collector need not walk it again (6 % of a scan).
gc.collect()
gc.freeze()
