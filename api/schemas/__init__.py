"""The shapes of what comes in and what goes out, one file for each resource."""
