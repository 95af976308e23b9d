"""Lists what the packaged program is made of, as CycloneDX.

`sbom.py PROGRAM OUT LICENCES` writes to OUT the Swift packages of Package.resolved that the release build links, Swift's
runtime, and the Debian packages of the libraries that the program loads; to LICENCES the licences and notices of the
Swift packages.
"""

import json
import os
import re
import subprocess
import sys
import time
import uuid
from pathlib import Path

CHECKOUTS = Path(".build/checkouts")
OBJECTS = Path(".build/release/slicewise.product/Objects.LinkFileList")
SWIFT_LICENCE = {"expression": "Apache-2.0 WITH Swift-exception"}
# The names that Debian's copyright files have for licences of SPDX.
SPDX = {"Apache-2.0": "Apache-2.0", "LGPL-2.1+": "LGPL-2.1-or-later", "libpng": "Libpng", "Zlib": "Zlib",
        "BSD-2-clause": "BSD-2-Clause", "BSD-3-clause": "BSD-3-Clause", "BSD-3-clause-alike-CREATIS": "BSD-3-Clause",
        "BSD-3-clause or GPL-2": "BSD-3-Clause OR GPL-2.0-only", "Hylafax": "libtiff", "Expat": "MIT", "curl": "curl"}
# Those of packages whose copyright files are for people only.
KNOWN = {"libc6": "LGPL-2.1-or-later", "libzip4": "BSD-3-Clause", "libgnutls30": "LGPL-2.1-or-later", "libgnutls30t64": "LGPL-2.1-or-later",
         "libgcc-s1": "GPL-3.0-or-later WITH GCC-exception-3.1", "libstdc++6": "GPL-3.0-or-later WITH GCC-exception-3.1"}


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def licence_files(folder):
    return sorted(path for path in folder.iterdir() if re.match(r"(LICENSE|NOTICE|COPYING)", path.name))


def licence(text):
    """Returns the licence that a text of it is."""
    if "Apache License" in text:
        exception = "Runtime Library Exception" in text
        return SWIFT_LICENCE if exception else {"license": {"id": "Apache-2.0"}}
    if "Permission is hereby granted, free of charge" in text:
        return {"license": {"id": "MIT"}}
    sys.exit(f"sbom: an unknown licence begins with {text[:80]!r}")


def swift_packages():
    """Yields the packages whose objects the link takes, with the folders of their sources."""
    linked = set(re.findall(r"/([^/\s]+)\.build/", OBJECTS.read_text()))
    pins = json.loads(Path("Package.resolved").read_text())["pins"]
    for pin in sorted(pins, key=lambda pin: pin["identity"]):
        folder = CHECKOUTS / re.sub(r"\.git$", "", pin["location"].rsplit("/", 1)[-1])
        targets = {path.name for path in (folder / "Sources").iterdir() if path.is_dir()} if folder.is_dir() else set()
        targets |= {"GRDB"} if pin["identity"] == "grdb.swift" else set()
        if targets & linked:
            yield pin, folder


def of_swift_package(pin, folder):
    location = re.sub(r"\.git$", "", pin["location"])
    host_and_path, state = location.split("://", 1)[1], pin["state"]
    return {
        "type": "library", "bom-ref": pin["identity"], "name": pin["identity"], "version": state["version"],
        "licenses": [licence(licence_files(folder)[0].read_text())],
        "purl": f"pkg:swift/{host_and_path}@{state['version']}",
        "externalReferences": [{"type": "vcs", "url": location, "comment": state["revision"]}],
    }


def of_runtime():
    """Returns Swift's standard library, concurrency, Foundation with ICU, and Dispatch."""
    version = re.search(r"Swift version ([0-9.]+)", output("swift", "--version"))[1]
    return {
        "type": "framework", "bom-ref": "swift-runtime", "name": "swift-runtime", "version": version,
        "description": "Swift's standard library, Dispatch and Foundation, which holds ICU (Unicode-3.0)",
        "licenses": [SWIFT_LICENCE],
    }


def debian_licence(package):
    """Returns what Debian's copyright file says of most of the package's files, or what is known, or nothing."""
    copyright = Path(f"/usr/share/doc/{package}/copyright")
    text = copyright.read_text(errors="replace") if copyright.exists() else ""
    found = re.search(r"^Files:\s*\*\s*\n(?:(?!\n).*\n)*?License:[ \t]*(\S.*)$", text, re.MULTILINE)
    name = found[1].strip() if found else ""
    if spdx := KNOWN.get(package) or SPDX.get(name):
        return [{"expression": spdx} if " " in spdx else {"license": {"id": spdx}}]
    return [{"license": {"name": name}}] if name and name.lower() != "other" else []


def debian_packages(program):
    """Yields the Debian packages of the libraries that the program names, each with those libraries."""
    needed = re.findall(r"NEEDED.*\[(.*)\]", output("readelf", "--dynamic", program))
    places = dict(re.findall(r"(\S+) => (/\S+)", output("ldd", program)))
    packages = {}
    for library in needed:
        place = places.get(library)
        if not place:  # the dynamic linker
            continue
        owner = None
        # Debian lists files below /usr as it unpacked them, perhaps by way of a link from /lib.
        for name in (os.path.realpath(place), place, place.removeprefix("/usr")):
            told = subprocess.run(["dpkg", "--search", name], capture_output=True, text=True)
            if told.returncode == 0:
                owner = told.stdout.split(": ")[0]
                break
        if not owner:
            sys.exit(f"sbom: no Debian package has {place}")
        packages.setdefault(owner, []).append(library)
    yield from sorted(packages.items())


def of_debian_package(owner, libraries, distribution):
    fields = output("dpkg-query", "--show", "--showformat=${Package}\n${Version}\n${Architecture}\n${source:Package}", owner)
    package, version, architecture, source = fields.split("\n")
    made = {
        "type": "library", "bom-ref": f"{package}@{version}", "name": package, "version": version,
        "description": f"{', '.join(sorted(libraries))}, of Debian's source package {source}",
        "purl": f"pkg:deb/{distribution['ID']}/{package}@{version.replace('+', '%2B').replace(':', '%3A')}"
                f"?arch={architecture}&distro={distribution['ID']}-{distribution.get('VERSION_ID', 'sid')}",
    }
    if licences := debian_licence(package):
        made["licenses"] = licences
    return made


def main():
    program, out, licences = sys.argv[1:]
    distribution = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', Path("/etc/os-release").read_text(), re.MULTILINE))
    packages = list(swift_packages())
    if len(packages) < 3:
        sys.exit(f"sbom: only {len(packages)} Swift packages are in {OBJECTS}")
    components = [of_swift_package(*package) for package in packages] + [of_runtime()]
    components += [of_debian_package(*package, distribution) for package in debian_packages(program)]
    version = output(program, "--version").strip()
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))))
    content = {
        "metadata": {
            "timestamp": moment,
            "component": {"type": "application", "bom-ref": "slicewise", "name": "slicewise", "version": version,
                          "licenses": [{"license": {"id": "MIT"}}]},
        },
        "components": components,
        "dependencies": [{"ref": "slicewise", "dependsOn": [component["bom-ref"] for component in components]}],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(content, sort_keys=True))
    head = {"bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber": f"urn:uuid:{serial}", "version": 1}
    Path(out).write_text(json.dumps(head | content, indent=2, ensure_ascii=False) + "\n")
    texts = [f"{'=' * 78}\n{pin['identity']} {pin['state']['version']}: {path.name}\n{'=' * 78}\n{path.read_text()}"
             for pin, folder in packages for path in licence_files(folder)]
    Path(licences).write_text("\n".join(texts))


if __name__ == "__main__":
    main()
