"""Links the program of the release build once more, with Swift's runtime in it.

`link_static.py OUT` compiles nothing: it is the link that `swift build --configuration release` made last, as its manifest
has it, with `-static-stdlib`. `swift build --static-swift-stdlib` would compile everything anew, and again without it.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

MANIFEST = Path(".build/release.yaml")
# Modules name the libraries to link with; those of the dynamic Foundation don't name what it holds itself.
FOUNDATION = [
    "FoundationEssentials", "FoundationInternationalization", "CoreFoundation", "_FoundationCShims",
    "_FoundationCollections", "_FoundationICU", "_CFURLSessionInterface",
]
# Its HTTP client, which `slicewise demo` is one of, stands on curl; git brings this one, without its headers.
CURL = "-l:libcurl-gnutls.so.4"


def arguments(out):
    """Returns the command of the build's link with another place and Swift's runtime."""
    found = re.search(
        r'^  "C\.slicewise-[^"]*-release\.exe":\n(?:    .*\n)*?    args: (\[.*\])$', MANIFEST.read_text(), re.MULTILINE)
    if not found:
        sys.exit(f"link_static: {MANIFEST} has no link of slicewise: run `make build` first")
    made = json.loads(found[1])
    made[made.index("-o") + 1] = str(out)
    # Nothing that comes with the program lies beside it.
    if "-rpath=$ORIGIN" in made:
        place = made.index("-rpath=$ORIGIN")
        del made[place - 1:place + 1]
    return made + ["-static-stdlib"] + [f"-l{name}" for name in FOUNDATION] + [CURL]


def main():
    out = Path(sys.argv[1])
    linked = subprocess.run(arguments(out), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if linked.returncode:
        sys.exit(f"link_static: {linked.stdout}")
    told = subprocess.run(["readelf", "--dynamic", out], check=True, capture_output=True, text=True).stdout
    for library in re.findall(r"NEEDED.*\[(.*)\]", told):
        if re.match(r"lib(swift|_?Foundation|dispatch|BlocksRuntime)", library):
            sys.exit(f"link_static: the program still needs {library}")


if __name__ == "__main__":
    main()
