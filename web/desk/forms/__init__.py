"""Forms of the desk: what was typed becomes the facts that the acts take, or faults by field.

Nothing here reads a database or draws a page.
"""
