"""A ward list in the browser: looked at before anything is stored, taken in, taken back whole."""
