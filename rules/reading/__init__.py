"""Read editions from YAML: every word checked, every mistake answered with file and line."""
