"""Pages of one office's own fee evidence, beside `web.rates.fee_evidence`."""
