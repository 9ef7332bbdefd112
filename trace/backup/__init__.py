"""A backup of a whole installation in one file, and its way back into an empty database.

The file is a ZIP archive: ``tables/<name>.jsonl`` (one row a line), ``evidence/<sha256>``,
``families/<file>`` and, last, ``backup.json``, which names every other member with its SHA-256. It
is the same for SQLite and PostgreSQL, so that it is also the way from the one to the other. It
holds personal data and the sealed keys; never the passphrase, nor the root key.
"""
