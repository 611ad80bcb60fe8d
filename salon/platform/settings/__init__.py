"""What an installation is told: its environment, its clock, the edition at work, its log."""
