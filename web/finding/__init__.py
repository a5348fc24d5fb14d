"""Finding a person anywhere in the record, and an office in the directory."""
