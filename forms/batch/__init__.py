"""Many sheets for paper at once: laid out once, and what was written laid over it.

A batch looks like the single sheets do, because the same template, stylesheet and library lay
out every piece of it. It is untagged: who reads a sheet by ear is given the single one.
"""
