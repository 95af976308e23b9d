"""The macro in ImageJ, where Debian's packages `imagej` and `xvfb` are (or IMAGEJ_JAR names the program)."""

import os
import shutil
import subprocess
import unittest
from pathlib import Path

import numpy as np

from support import SMALL, ServerTestCase

JAR = os.environ.get("IMAGEJ_JAR", "/usr/share/java/ij.jar")
MACRO = Path(os.environ.get("SLICEWISE_MACRO") or Path(__file__).resolve().parents[2] / "imagej" / "Slicewise_.ijm")
MISSING = [each for each in (JAR, shutil.which("java"), shutil.which("xvfb-run")) if not each or not os.path.exists(each)]


@unittest.skipIf(MISSING, "ImageJ, Java or xvfb-run is not installed")
class MacroTests(ServerTestCase):
    def run_macro(self, *lines: str) -> str:
        """Runs lines of a macro, in which «x» stands for the macro with the answers x, and returns what they print."""
        def call(line: str) -> str:
            before, _, rest = line.partition("«")
            answers, _, after = rest.partition("»")
            if not answers:
                return line
            given = "\\n".join((*answers.split("|"), f"server={self.server.url}", "project=kidney", "volume=sample"))
            return f'{before}runMacro("{MACRO}", "{given}"){after}'

        script = self.folder / "script.ijm"
        script.write_text("\n".join(f"{call(line)};" for line in lines) + "\n")
        command = ["xvfb-run", "--auto-servernum", "java", "-cp", JAR, "ij.ImageJ", "-batch", str(script)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL).stdout

    def test_slices_go_and_the_prediction_comes(self) -> None:
        stack = self.volume.truth.save(self.folder / "truth.tif")
        told = self.run_macro(
            f'open("{stack}")', "Stack.setSlice(9)", "makeRectangle(3, 4, 10, 11)", "«do=send this slice»",
            "print(selectionType())", 'run("Select None")', "changeValues(2, 2, 255)", "changeValues(1, 1, 7)",
            "«index=5|values=255:background,7:tubule,0:unlabeled»", "«axis=y|index=3»")
        np.testing.assert_array_equal(self.volume.annotation("z", 8), self.truth[8])
        expected = np.where(self.truth[8] == 0, 255, self.truth[8])
        np.testing.assert_array_equal(self.volume.annotation("z", 5), expected)
        self.assertIn("\n0\n", told)  # The rectangle is there again.
        self.assertIn("48×48 fits axis z", told)
        self.assertEqual(len(self.volume.annotations()), 2)

        self.annotate()
        self.project.train(steps=10, recipe=SMALL).wait()
        told = self.run_macro("«do=get the prediction»", 'print(getTitle())', f'saveAs("Raw Data", "{self.folder}/back.raw")')
        self.assertIn("sample prediction", told)
        back = np.fromfile(self.folder / "back.raw", np.uint8).reshape(self.volume.shape)
        np.testing.assert_array_equal(back, self.volume.prediction()[...])
        self.assertIn("404", self.run_macro("«do=get the prediction|volume=none»"))

    def test_names_with_other_letters_are_understood(self) -> None:
        project = self.client.create_project("letters", ["größe, klein", "€"])
        project.upload("sample", self.volume.image[...])
        stack = self.volume.truth.save(self.folder / "truth.tif")
        # The script itself is read in the machine's own encoding.
        self.run_macro(
            f'open("{stack}")', "changeValues(2, 2, 1)",
            f'runMacro("{MACRO}", "server={self.server.url}\\nproject=letters\\nvolume=sample\\nindex=0\\nvalues=0:'
            'gr" + fromCharCode(246) + fromCharCode(223) + "e, klein,1:" + fromCharCode(8364))')
        self.assertEqual(len(project.volume("sample").annotations()), 1)


if __name__ == "__main__":
    unittest.main()
