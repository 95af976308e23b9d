#!/usr/bin/env python3
"""Tests Clients/python as users install it.

`check_python.py PROGRAM [TEST…]` installs the package to a temporary folder, checks its types and its manifest for napari,
and runs its tests (all, or those named as unittest names them) with servers of that program.
"""

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CLIENT = ROOT / "Clients" / "python"


def run(what, command, **others):
    """Runs a command; its output is shown only if it fails, which ends the program."""
    done = subprocess.run(command, capture_output=True, text=True, **others)
    if done.returncode:
        sys.exit(f"check_python: {what}:\n{done.stdout}{done.stderr}")
    return done


def main():
    program = Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        # A copy, for setuptools builds in the folder of the sources.
        source = shutil.copytree(CLIENT, folder / "source", ignore=shutil.ignore_patterns("build", "*.egg-info"))
        installed = folder / "installed"
        run("the package can't be installed",
            [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index",
             "--no-build-isolation", "--target", installed, source])
        environment = os.environ | {
            "PYTHONPATH": str(installed), "SLICEWISE_PROGRAM": str(program), "QT_QPA_PLATFORM": "offscreen",
            "SLICEWISE_PAGES": str(ROOT / "Documentation"),
            "SLICEWISE_MACRO": str(ROOT / "Clients" / "imagej" / "Slicewise_.ijm"), "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_RUNTIME_DIR": str(folder), "NAPARI_CONFIG": str(folder / "napari.yaml")}
        tools = Path(sys.executable).parent
        if not sys.argv[2:]:
            for file in source.glob("slicewise/**/*.py"):
                ast.parse(file.read_text(), str(file), feature_version=(3, 9))
            run("types", [tools / "mypy", "--config-file", source / "pyproject.toml", "--cache-dir", folder / "mypy"],
                cwd=source)
            if importlib.util.find_spec("npe2"):
                run("the manifest for napari", [tools / "npe2", "validate", "slicewise"], env=environment)
        done = subprocess.run(
            [sys.executable, "-W", "error::ResourceWarning", "-m", "unittest", *(sys.argv[2:] or ["discover"])],
            cwd=source / "tests", env=environment)
        sys.exit(done.returncode)


if __name__ == "__main__":
    main()
