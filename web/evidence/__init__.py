"""Pages of one office's own fee evidence, beside `web.fee_evidence`."""
