#!/usr/bin/env python3
"""Tries the page in Chromium: the loop, by the keyboard alone, too, uploads, channels, tools, slices, what is predicted first, models,
labels from files, downloads, saving, a slow network, access for everybody, small screens, hostile names, roles, a prefix, TLS, a large
volume.

`check_page.py PROGRAM [PART…]` starts the server with temporary data. The parts are `types`, `modules`, `loop`, `tour`, `keyboard`,
`uploads`, `channels`, `tools`, `slices`, `first`, `models`, `labels`, `downloads`, `saving`, `slow`, `access`, `screens`, `hostile`,
`roles`, `prefix`, `secure` and `large`; all of them by default. Screenshots are left in .build/page. The part `picture` makes the
README's there, and is asked for by name.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from server import running

REPOSITORY = Path(__file__).resolve().parents[1]


def types():
    """Every call in the page fits what is called, by the types in its comments."""
    made = subprocess.run(["tsc", "--project", REPOSITORY / "Scripts/page/tsconfig.json"], text=True, capture_output=True)
    if made.returncode:
        sys.exit(f"check_page: {made.stdout}{made.stderr}")


def modules(folder):
    """The modules that need no browser, by node's own tests."""
    # Node takes files for modules if a package says so.
    for part in ("Sources/Page", "Tests/PageTests"):
        shutil.copytree(REPOSITORY / part, folder / part)
    (folder / "package.json").write_text('{"type":"module"}')
    tests = sorted(map(str, (folder / "Tests/PageTests").rglob("*.test.mjs")))
    made = subprocess.run(["node", "--test", *tests], text=True, capture_output=True, cwd=folder)
    if made.returncode:
        sys.exit(f"check_page: {made.stdout[-6000:]}{made.stderr}")


def sample(program, folder):
    """A small real image if there is one, otherwise the phantom."""
    from page.loop import Sample

    data = Path(os.environ.get("SLICEWISE_SHARED", REPOSITORY.parent / "shared")) / "data"
    if (image := data / "nuclei_1135.image.nii.gz").exists():
        return Sample.of(image, data / "nuclei_1135.label.nii.gz")
    subprocess.run([program, "phantom", "--size", "32,96,96", "--channels", "1", "--out", folder], check=True, capture_output=True)
    return Sample.of(folder / "image.nii.gz", folder / "label.nii.gz")


def main(program, *parts):
    parts = parts or (
        "types", "modules", "loop", "tour", "keyboard", "uploads", "channels", "tools", "slices", "first", "models", "labels", "downloads",
        "saving", "slow", "access", "screens", "hostile", "roles", "prefix", "secure", "large")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for name, work in (("types", types), ("modules", lambda: modules(folder / "modules"))):
            if name in parts:
                timed(name, work)
        if not set(parts) - {"types", "modules"}:
            return
        from page import (
            access, channels, downloads, first, hostile, keyboard, label_files, large, loop, models, prefix, roles, saving, screens,
            slices, slow, tools, tour, uploads)
        from page.browser import chromium

        with running(program, folder) as server, chromium() as browser:
            chosen = sample(program, folder / "sample")
            if "loop" in parts:
                timed("loop", lambda: loop.run(browser, server, chosen))
            else:
                loop.furnish(server, chosen)
            for name, work in (
                ("tour", lambda: tour.run(browser, program, folder / "tour")),
                ("picture", lambda: tour.picture(browser, program, folder / "picture")),
                ("keyboard", lambda: keyboard.run(browser, server, chosen)),
                ("uploads", lambda: uploads.run(browser, server, folder / "uploads")),
                ("channels", lambda: channels.run(browser, server, folder / "channels")),
                ("tools", lambda: tools.run(browser, server)),
                ("slices", lambda: slices.run(browser, server)),
                ("first", lambda: first.run(browser, server)),
                ("models", lambda: models.run(browser, server)),
                ("labels", lambda: label_files.run(browser, server, folder / "labels")),
                ("downloads", lambda: downloads.run(browser, program, folder / "downloads")),
                ("saving", lambda: saving.run(browser, program, folder / "saving")),
                ("slow", lambda: slow.run(browser, server)),
                ("access", lambda: access.run(browser, server.address, loop.PROJECT, "image")),
                ("screens", lambda: screens.run(browser, server)),
                ("hostile", lambda: hostile.run(browser, server.address, server, chosen.image)),
                ("roles", lambda: roles.run(browser, program, folder / "roles", chosen)),
                ("prefix", lambda: prefix.run(browser, server, loop.PROJECT, "image")),
                ("secure", lambda: prefix.secure(browser, program, folder / "secure")),
                ("large", lambda: large.run(browser, server)),
            ):
                if name in parts:
                    timed(name, work)


def timed(name, work):
    start = time.monotonic()
    work()
    print(f"check_page: {name}: as it should be ({time.monotonic() - start:.0f} s)", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
