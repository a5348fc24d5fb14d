"""What was done with a person's data: that it cannot be changed unseen, and who saw whom.

- `loaded`: whom a request loaded, so that no page can forget to say so;
- `chain`, `block`: the history chained in batches, with a key that the database does not hold;
- `anchor`: the end of the chain written down each day, outside the database;
- `verify`: names the row that was changed, deleted, put in or exchanged;
- `seen`: who saw which patient between two moments;
- `leak`: whom a leak concerns, and by when it is reported.
"""
