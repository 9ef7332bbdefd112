"""Label printers in stations: what they are, what was sent to them, and what became of it.

A server cannot reach them. An agent beside the printer asks what there is to print, prints it, and
tells how that went.
"""
