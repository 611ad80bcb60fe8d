"""The sheet layer: what every PDF shares. ReportLab takes 13 MB: import it when a file is made.

`text` fits text in boxes, `sheet` is the canvas (metadata, fonts, feet, QR codes), `tags` notes its
structure, `report` lays out reports and tables on platypus, `pictures` draws SVG files, `colours`
names the inks.
"""
