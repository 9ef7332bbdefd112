"""Suyuan (溯源): food traceability and quality assurance."""

__version__ = "0.1.0"
