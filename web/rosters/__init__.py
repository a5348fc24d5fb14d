"""An office's client roster in the browser, and what a hospital is shown of a match."""
