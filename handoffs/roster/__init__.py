"""The client roster (担当者名簿) that an office hands in, as digests that nobody can list.

`kept` holds it, `keeping` takes one in and back, `match` tells a hospital which office knows
somebody, and only about somebody whom the hospital has registered.
"""
