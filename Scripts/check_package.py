#!/usr/bin/env python3
"""Installs what `make package` made in a fresh Debian and tries it as a user would.

`check_package.py` makes the Debian in a folder (.build/debootstrap, kept for the next time; a copy is tried). That takes
root, who may make namespaces there; where debootstrap or systemd-nspawn are not to be had, it says what was not tried.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

BUILT = Path(".build/package")
DISTRIBUTION = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', Path("/etc/os-release").read_text(), re.MULTILINE))
SETTINGS = "etc/slicewise/slicewise.json"
DATA = "var/lib/slicewise"


def expect(condition, message):
    if not condition:
        sys.exit(f"check_package: {message}")


def only(pattern):
    found = list(BUILT.glob(pattern))
    expect(len(found) == 1, f"{BUILT} has {len(found)} files {pattern}: run `make package` first")
    return found[0]


def check_components(package):
    """The list of components is CycloneDX, and has every library that the package depends on."""
    text = only("*.cdx.json").read_text()
    error = JsonStrictValidator(SchemaVersion.V1_5).validate_str(text)
    expect(error is None, f"the list of components is no CycloneDX 1.5: {error}")
    components = json.loads(text)["components"]
    listed = {component["name"] for component in components if component.get("purl", "").startswith("pkg:deb/")}
    fields = subprocess.run(["dpkg-deb", "--field", package, "Depends"], check=True, capture_output=True, text=True)
    alternatives = [re.findall(r"[a-z0-9.+-]+(?=\s*[(|,]|\s*$)", part) for part in fields.stdout.split(",")]
    libraries = {names[0] for names in alternatives if names and not names[0].startswith("systemd")}
    expect(libraries <= listed, f"the list of components lacks {', '.join(sorted(libraries - listed))}")
    print(f"check_package: {len(components)} components, {len(listed)} of them Debian's", flush=True)


class Fresh:
    """A Debian in a folder, with nothing in it but what every Debian has."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, *command, check=True):
        """Runs a command there, with processes of its own, and returns what it said."""
        inside = ["unshare", "--mount", "--pid", "--fork", "--kill-child", f"--mount-proc={self.folder}/proc",
                  "chroot", self.folder, *command]
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "HOME": "/root"}
        done = subprocess.run(
            inside, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        expect(not check or done.returncode == 0, f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}")
        return done.stdout

    def has(self, path):
        return os.path.lexists(self.folder / path)


@contextlib.contextmanager
def fresh_debian():
    suite = DISTRIBUTION["VERSION_CODENAME"]
    base = Path(".build/debootstrap").absolute() / suite
    if not base.exists():
        base.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=base.parent) as place:
            made = subprocess.run(
                ["debootstrap", "--variant=minbase", suite, f"{place}/{suite}"], capture_output=True, text=True)
            expect(made.returncode == 0, f"debootstrap: {made.stdout[-2000:]}{made.stderr[-2000:]}")
            # What is tried there is the package, not the disk.
            Path(place, suite, "etc/dpkg/dpkg.cfg.d/unsafe-io").write_text("force-unsafe-io\n")
            Path(place, suite).rename(base)
    with tempfile.TemporaryDirectory(dir=base.parent) as place:
        folder = Path(place) / "root"
        subprocess.run(["cp", "--archive", base, folder], check=True)
        # Packages that were fetched before are not fetched again.
        archives = base / "var/cache/apt/archives"
        fresh = Fresh(folder)
        fresh.run("apt-get", "-qq", "update")
        yield fresh
        for fetched in (folder / "var/cache/apt/archives").glob("*.deb"):
            if not (archives / fetched.name).exists():
                shutil.copy(fetched, archives)


def request(port, method, path, body=None):
    data = json.dumps(body).encode() if isinstance(body, dict) else body
    call = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=data, method=method)
    with urllib.request.urlopen(call, timeout=60) as answer:
        content = answer.read()
    return json.loads(content) if content[:1] in (b"{", b"[") else content


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, log):
    for _ in range(600):
        with contextlib.suppress(OSError):
            return request(port, "GET", "/readyz")
        time.sleep(0.1)
    sys.exit(f"check_package: the service did not answer within a minute: {log()}")


def loop(port, sample, name):
    """The loop of the README: image, annotated slices, a short training, prediction."""
    project = f"/v1/projects/{name}"
    classes = [{"name": "inside tubule"}, {"name": "tubule"}, {"name": "background"}]
    request(port, "PUT", project, {"classes": classes})
    volume = f"{project}/volumes/sample"
    request(port, "PUT", volume, (sample / "image.nii.gz").read_bytes())
    for file in sorted((sample / "slices").glob("*.png")):
        axis, index = file.stem.rsplit("-", 1)
        request(port, "POST", f"{volume}/annotations?axis={axis}&index={index}", file.read_bytes())
    job = request(port, "POST", f"{project}/jobs", {"kind": "train", "budget": {"seconds": 3}})
    while job["state"] in ("queued", "running"):
        time.sleep(0.2)
        job = request(port, "GET", f"{project}/jobs/{job['id']}")
    expect(job["state"] == "succeeded", f"the training {job['state']}: {job}")
    prediction = request(port, "GET", f"{volume}/prediction?format=nii.gz")
    expect(prediction[:2] == b"\x1f\x8b", "the prediction is no gzipped file")
    # HDF5 and DICOM are read by processes of their own, which what the service may do must allow.
    corpus = Path(__file__).resolve().parents[1] / "Tests/Fuzz/Corpus"
    read = request(port, "PUT", f"{project}/volumes/hdf5", (corpus / "hdf5/ilastik.h5").read_bytes())
    expect(read["shape"] == {"c": 2, "z": 5, "y": 7, "x": 6}, f"the HDF5 file was read as {read}")
    read = request(port, "PUT", f"{project}/volumes/dicom", (corpus / "dicom/slice.dcm").read_bytes())
    expect(read["shape"] == {"c": 1, "z": 1, "y": 4, "x": 3}, f"the DICOM file was read as {read}")


def check_program(fresh, version):
    told = fresh.run("slicewise", "--version").strip()
    expect(told == version, f"the program says it is {told}, the package {version}")
    fresh.run("slicewise", "demo", "--size", "24,64,64", "--seconds", "2", "--slices", "1", "--out", "/tmp/demo")
    expect(fresh.has("tmp/demo/prediction.nii.gz"), "the demonstration left no prediction")
    fresh.run("slicewise", "phantom", "--size", "24,64,64", "--out", "/tmp/sample")
    for path in ("usr/share/man/man1/slicewise.1.gz", "usr/share/doc/slicewise/README.md",
                 "usr/share/doc/slicewise/copyright", "usr/share/doc/slicewise/slicewise.cdx.json",
                 "usr/share/bash-completion/completions/slicewise", "lib/systemd/system/slicewise.service"):
        expect(fresh.has(path) or fresh.has(f"usr/{path}"), f"the package has no /{path}")
    conffiles = fresh.run("dpkg-query", "--show", "--showformat=${Conffiles}", "slicewise")
    expect(f"/{SETTINGS}" in conffiles, f"/{SETTINGS} is no conffile")
    fresh.run("id", "slicewise")
    fresh.run("systemd-analyze", "verify", "--man=no", "/lib/systemd/system/slicewise.service")
    security = fresh.run(
        "systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager",
        "/lib/systemd/system/slicewise.service")
    print(f"check_package: {security.strip().splitlines()[-1].strip('→ ')}", flush=True)


def run_by_hand(fresh, sample):
    """Serves as the service's user, without systemd."""
    port, told = free_port(), Path(fresh.folder, "tmp/service.log")
    fresh.run("install", "--directory", "--owner=slicewise", "--group=slicewise", "--mode=0700", f"/{DATA}")
    server = subprocess.Popen(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", f"--mount-proc={fresh.folder}/proc", "chroot",
         fresh.folder, "setpriv", "--reuid=slicewise", "--regid=slicewise", "--clear-groups", "slicewise", "serve",
         "--config", f"/{SETTINGS}", "--port", str(port)], stdout=told.open("w"), stderr=subprocess.STDOUT)
    try:
        wait_for(port, told.read_text)
        loop(port, sample, "byhand")
    finally:
        # Who changes the user is no longer ended with its parent.
        for child in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split():
            os.kill(int(child), signal.SIGTERM)
        server.wait(30)
    expect(fresh.has(f"{DATA}/slicewise.sqlite"), f"the data are not in /{DATA}")


class Booted:
    """The folder with systemd as its first process."""

    def __init__(self, process, fresh):
        self.process, self.fresh = process, fresh
        self.first = None
        for _ in range(100):
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            names = {Path(f"/proc/{child}/comm").read_text().strip(): child for child in children}
            self.first = names.get("systemd")
            if self.first and self("systemctl", "is-system-running", check=False).strip() in ("running", "degraded"):
                return
            if process.poll() is not None:
                break
            time.sleep(0.2)
        raise OSError("systemd does not start there")

    def __call__(self, *command, check=True):
        done = subprocess.run(
            ["nsenter", "--target", self.first, "--all", *command], env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if check and done.returncode:
            sys.exit(f"check_package: {' '.join(command)}: {done.stdout}{self.log()}")
        return done.stdout

    def log(self):
        return self("journalctl", "--no-pager", "--lines=40", "--unit=slicewise", check=False)


def run_by_systemd(fresh, sample, package):
    """Starts the unit under systemd with all that it forbids, upgrades and removes it while it serves."""
    if not shutil.which("systemd-nspawn"):
        return print("check_package: systemctl was not tried: systemd-nspawn (systemd-container) is not there")
    port = free_port()
    settings = {"http": {"port": port}, "data": {"folder": f"/{DATA}"}, "training": {"niceness": 5}}
    Path(fresh.folder, SETTINGS).write_text(json.dumps(settings))
    process = subprocess.Popen(
        ["systemd-nspawn", "--quiet", "--directory", fresh.folder, "--register=no", "--keep-unit", "--console=pipe",
         "--kill-signal=SIGRTMIN+3", "/lib/systemd/systemd"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        try:
            booted = Booted(process, fresh)
        except OSError as error:
            process.kill()
            return print(f"check_package: systemctl was not tried: {error}: {process.stdout.read()[-500:]}")
        state = booted("systemctl", "is-active", "slicewise", check=False).strip()
        expect(state == "inactive", f"the service is {state} before anybody started it")
        booted("systemctl", "start", "slicewise")
        wait_for(port, booted.log)
        loop(port, sample, "bysystemd")
        before = booted("systemctl", "show", "--value", "--property=MainPID", "slicewise")
        booted("dpkg", "--install", f"/{package.name}")
        wait_for(port, booted.log)
        after = booted("systemctl", "show", "--value", "--property=MainPID", "slicewise")
        expect(before != after, "an upgrade left the old program running")
        expect(request(port, "GET", "/v1/projects/byhand"), "the data of before are gone")
        booted("dpkg", "--remove", "slicewise")
        state = booted("systemctl", "is-active", "slicewise", check=False).strip()
        expect(state != "active", "removing leaves the service running")
        result = booted("systemctl", "show", "--value", "--property=Result", "slicewise").strip()
        expect(result == "success", f"the service ended with {result}")
        print("check_package: systemctl starts it, an upgrade starts it anew, removing stops it", flush=True)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def check_tar_ball(fresh):
    ball = only("*.tar.gz")
    name = ball.name.removesuffix(".tar.gz")
    subprocess.run(["tar", "--directory", fresh.folder / "tmp", "-xzf", ball], check=True)
    fresh.run(f"/tmp/{name}/slicewise", "evaluate", "--prediction", "/tmp/sample/label.nii.gz", "--truth",
              "/tmp/sample/label.nii.gz")
    return name


def main():
    package = only("*.deb")
    check_components(package)
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        return print("check_package: the package was not installed: that takes root and debootstrap")
    version = subprocess.run(["dpkg-deb", "--field", package, "Version"], check=True, capture_output=True, text=True)
    with fresh_debian() as fresh:
        shutil.copy(package, fresh.folder)
        fresh.run("apt-get", "-qq", "install", "--yes", "--no-install-recommends", f"/{package.name}")
        check_program(fresh, version.stdout.split("-")[0])
        sample = fresh.folder / "tmp/sample"
        run_by_hand(fresh, sample)
        run_by_systemd(fresh, sample, package)
        mine = '{"data": {"folder": "/var/lib/slicewise"}, "log": {"format": "json"}}'
        Path(fresh.folder, SETTINGS).write_text(mine)
        fresh.run("dpkg", "--install", f"/{package.name}")
        expect(Path(fresh.folder, SETTINGS).read_text() == mine, "an upgrade changed the settings")
        fresh.run("apt-get", "-qq", "remove", "--yes", "slicewise")
        expect(not fresh.has("usr/bin/slicewise") and fresh.has(SETTINGS), "removing takes the program, not the settings")
        fresh.run("dpkg", "--purge", "slicewise")
        expect(not fresh.has(SETTINGS), "purging takes the settings")
        expect(fresh.has(f"{DATA}/slicewise.sqlite"), "purging leaves the data")
        name = check_tar_ball(fresh)
    print(f"check_package: {package.name} and {name} are good")


if __name__ == "__main__":
    main()
