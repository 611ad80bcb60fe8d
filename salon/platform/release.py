"""The version of the software, from which the wheel takes its own."""

VERSION = "0.1.0"
