"""What documents show is run as it stands: the notebook's cells, and the code of the pages."""

import ast
import contextlib
import io
import json
import os
import re
import unittest
from pathlib import Path
from unittest import mock

from support import ServerTestCase

ROOT = Path(__file__).resolve().parents[1]
PAGES = Path(os.environ.get("SLICEWISE_PAGES") or ROOT.parents[1] / "Documentation")


def run(code: str, names: dict) -> object:
    """Runs a cell as a notebook does and returns what its last line is."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


class ExampleTests(ServerTestCase):
    def setUp(self) -> None:
        before = os.getcwd()
        os.chdir(self.folder)
        self.addCleanup(os.chdir, before)
        patch = mock.patch.dict(os.environ, SLICEWISE_URL=self.server.url, SECONDS_OF_TRAINING="8")
        patch.start()
        self.addCleanup(patch.stop)

    def test_the_notebook_ends_with_a_segmentation(self) -> None:
        cells = json.loads((ROOT / "examples" / "loop.ipynb").read_text())["cells"]
        names: dict = {}
        shown = []
        with contextlib.redirect_stdout(io.StringIO()) as told:
            for cell in cells:
                if cell["cell_type"] == "code":
                    self.assertEqual(cell["outputs"], [])
                    shown.append(run("".join(cell["source"]), names))
        self.assertIn("succeeded", told.getvalue())
        self.assertGreater(shown[-1], 0.7)
        for each in shown:
            # As a notebook would show it.
            for look in ("_repr_html_", "_repr_png_"):
                getattr(each, look, str)()
        self.assertTrue((self.folder / "cells.nii.gz").read_bytes().startswith(b"\x1f\x8b"))

    def test_the_code_of_the_page_runs_in_order(self) -> None:
        blocks = re.findall(r"```python\n(.*?)```", (PAGES / "Python.md").read_text(), re.S)
        self.assertGreater(len(blocks), 5)
        names: dict = {}
        with contextlib.redirect_stdout(io.StringIO()):
            for block in blocks:
                run(block.replace("seconds=60", "seconds=3").replace("http://127.0.0.1:8080", self.server.url), names)


if __name__ == "__main__":
    unittest.main()
