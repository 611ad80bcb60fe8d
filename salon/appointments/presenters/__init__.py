"""What pages show: plain values and sentences made from rows."""
