"""The code that pages of Documentation show, run as it stands, for the checks in this folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

PAGES = Path(__file__).resolve().parents[1] / "Documentation"
ADDRESS = "http://127.0.0.1:8080"
# A training of a moment instead of the one that a page shows.
SHORT = ('"budget":{"seconds":60}', '"recipe":{"preset":"fast","base":4},"budget":{"steps":80}')


def blocks(page, language, heading=None):
    """The blocks of code in a language: below a heading up to the next one, or in front of the first without it."""
    text = (PAGES / page).read_text()
    parts = re.split(r"^##+ (.*)$", text, flags=re.M)
    sections = dict(zip([None, *parts[1::2]], parts[0::2]))
    found = re.findall(rf"^```{language}\n(.*?)^```", sections[heading], re.M | re.S)
    if not found:
        sys.exit(f"{page} has no code in {language} below {heading}")
    return found


def changed(code, address, *changes):
    """The code with another address of the server; each change, a pair of texts, has to find something."""
    if address:
        code = code.replace(ADDRESS, address)
    for old, new in changes:
        if old not in code:
            sys.exit(f"a page no longer has {old!r}:\n{code}")
        code = code.replace(old, new)
    return code


def shell(code, folder, program):
    """Runs lines in a folder as a shell does in which Slicewise is installed; a call that is refused ends the check."""
    # The server is running already.
    code = "\n".join(line for line in code.splitlines() if not re.match(r"(slicewise serve|pip install|napari)\b", line))
    tools = Path(folder) / "tools"
    tools.mkdir(exist_ok=True)
    if not (tools / "slicewise").exists():
        (tools / "slicewise").symlink_to(Path(program).absolute())
    begin = 'curl() { command curl --silent --show-error --fail-with-body "$@"; }\n'
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", begin + code], cwd=folder, capture_output=True, text=True,
        env=os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"})
    if done.returncode:
        sys.exit(f"a page's lines end with {done.returncode}:\n{code}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def python(code, names=None):
    """Runs code; the names that it leaves."""
    names = {} if names is None else names
    exec(compile(code, "page", "exec"), names)
    return names
