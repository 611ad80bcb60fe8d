"""Control runs: the faults that appear without the guards."""
