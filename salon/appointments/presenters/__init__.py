"""Plain values and sentences that pages show, made from rows."""
