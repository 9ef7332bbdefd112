"""Taking a cooperative's own sheet as it is: read, recognise, ask, and propose batches.

Pure rules: nothing here touches a database. ``workbook`` reads a file in a child process,
``layout`` finds the table, ``headings`` recognises its columns, ``rows`` reads the rows under a
confirmed mapping and says what is doubtful, ``plan`` turns accepted rows into proposals that an
act writes, ``template`` makes the sheets that we hand out
ourselves, ``template_reading`` reads them back.
"""
