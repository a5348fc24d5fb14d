"""What is kept safe: backups that were read back.

A backup counts only after it was opened, restored into a scratch database and found equal, table
by table. It is encrypted for a key that lies outside of the data folder. Reads no clock.
"""
