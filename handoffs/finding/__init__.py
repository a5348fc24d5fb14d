"""Finding a person in the record, and an organization in the directory, by what somebody typed."""
