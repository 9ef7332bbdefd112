"""Labels that try a printer out: they tell a clerk whether place and darkness are right."""
