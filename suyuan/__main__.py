"""``python -m suyuan``: the same as the command ``suyuan``."""

from suyuan.cli import main

main()
