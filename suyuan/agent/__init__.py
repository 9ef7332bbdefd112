"""The agent on a station's PC: it fetches what was sent to the station's printers and feeds them.

It needs no installation of its own, only the address of the server, a token of the station, and
where the printers are.
"""
