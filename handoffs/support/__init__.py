"""入退院支援加算 of the hospital: on which day each of its steps was taken, and by when.

Days that the record holds, for the hospital's eyes alone. Nothing here says that a fee is due.
"""
