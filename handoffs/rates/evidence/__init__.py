"""What the own record holds that a fee's evidence asks for: flags and a list, never a claim.

Each organization sees its own alone: neither the health centre nor another house is shown any.
"""
