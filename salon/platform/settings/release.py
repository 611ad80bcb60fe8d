"""The version of the software, from which the wheel takes its own."""

VERSION = "1.0.0"
