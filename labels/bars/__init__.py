"""Bars: Code 128 as GS1-128, and where it stands on a label."""
