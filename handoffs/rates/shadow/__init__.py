"""A shadow month: the rule runs silently beside the paper, on coded lines of one hospital.

No stay, no handoff and no message comes of a line: there is nothing that could be sent.
"""
