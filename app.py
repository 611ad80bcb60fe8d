"""Entry point found by `flask run`, granian and gunicorn."""

import gc
import os
import sys

from salon import create_app
from salon.platform.settings import UnsafeSettings

# Whatever this process writes (database, uploads, print runs, backups) is for its user alone.
os.umask(0o077)

try:
    app = create_app()
except UnsafeSettings as refusal:
    sys.exit(f"Réglages refusés : {refusal}")

# What start-up made stays for good: the collector need not walk it again (6 % of a scan).
gc.collect()
gc.freeze()
