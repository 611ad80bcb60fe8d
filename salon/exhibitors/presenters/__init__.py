"""What pages show, made from rows: plain values and sentences."""
