"""The resources of the API: each reads what was sent, runs one act or query, and answers."""
