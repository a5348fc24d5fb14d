"""Other systems: lists in, lists out. One file for each format, and one for each noun they share.

`python -m exchange ward-list FILE` takes in what a hospital's own system prints: who lies on
which ward. Reading is apart from importing: `csv_file`, `heading`, `cells` and `ward_list` turn
bytes into rows and know no database; `ward_import` takes rows into the record through its own
verbs, all of them or none.

A file holds people. Nothing of them is printed: what is said of a row is its line in the file
and the name of a column. docs/exchange.md describes the columns.
"""
