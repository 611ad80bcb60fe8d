"""The files of a release: tables with their schemas, catalogues."""
