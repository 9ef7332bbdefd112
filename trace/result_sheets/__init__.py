"""Taking a laboratory's own sheet of results as it is: read, laid out once, and entered as reports.

The file is read by ``intake.workbook`` and its table found by ``intake.layout``, as every sheet
is. ``columns`` recognises what stands where, ``layout`` is what the laboratory says of it and is
remembered, ``reading`` reads reports under a layout and names every bad cell, ``review`` holds
them against the register.
"""
