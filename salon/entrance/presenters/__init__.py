"""Content of pages made from rows: plain values and sentences."""
