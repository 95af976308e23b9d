#!/usr/bin/env python3
"""Makes every call of MONAI Label's own Python client, and of 3D Slicer's module, to /monai/PROJECT of a server.

`check_monai.py PROGRAM` starts the server with temporary data. The client is that of the package monailabel, unchanged.
"""

import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import numpy
import SimpleITK

from monailabel.client import MONAILabelClient
from monailabel.client.client import MONAILabelClientException
from server import running

CLASSES = ("inside tubule", "tubule", "background")
# For clients of MONAI Label the background is 0, and the others follow in their order.
VALUES = {"background": 0, "inside tubule": 1, "tubule": 2}


def refused(call, *words):
    """The call has to be refused with a message that has these words."""
    try:
        call()
    except MONAILabelClientException as error:
        for word in words:
            assert word in error.msg, f"{error.msg!r} does not say {word!r}"
        return
    sys.exit(f"check_monai: what had to be refused was not: {words}")


def array(path):
    return SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(path)))


def submission(sample, folder, slices):
    """A label map as 3D Slicer exports it: the segments are numbered from 1, in slices on z, and 0 elsewhere."""
    truth = SimpleITK.ReadImage(str(sample / "label.nii.gz"))
    labels = SimpleITK.GetArrayFromImage(truth)
    # In the order "tubule", "inside tubule".
    values = numpy.select([labels == 1, labels == 0], [1, 2], 0).astype("uint8")
    painted = numpy.zeros_like(values)
    painted[slices] = values[slices]
    image = SimpleITK.GetImageFromArray(painted)
    image.CopyInformation(truth)
    path = folder / "tmp.nii.gz"
    SimpleITK.WriteImage(image, str(path))
    return path, [{"name": "tubule", "idx": 1}, {"name": "inside tubule", "idx": 2}]


def wait(client):
    """Waits as 3D Slicer does, which takes anything but RUNNING for the end."""
    status = client.train_status()
    while status["status"] == "RUNNING":
        statistics = next(iter(client.info()["train_stats"].values()))
        assert statistics["total_epochs"] > 0 and "total_time" not in statistics, statistics
        assert 0 <= statistics["best_metric"] <= 1, statistics
        time.sleep(0.3)
        status = client.train_status()
    return status


def check_info(client, has_model):
    info = client.info()
    assert "config" not in info and info["labels"] == ["inside tubule", "tubule"], info
    assert bool(info["models"]) == has_model, info["models"]
    for model in info["models"].values():
        assert model["type"] == "segmentation" and model["labels"] == VALUES and model["description"], model
    config = info["trainers"]["unet"]["config"]
    assert all(isinstance(choice, str) for choice in config["preset"]), config
    return info


def check_data(client, sample, folder):
    """Images and labels, up and down."""
    assert client.upload_image(str(sample / "image.nii.gz"), "sample") == {"image": "sample"}
    refused(lambda: client.upload_image(str(sample / "image.nii.gz"), "a name (1)"), "rename the volume")
    sample_ = client.next_sample("uncertainty", {})
    assert sample_["id"] == "sample" and sample_["name"] == "sample.nii.gz", sample_
    # 3D Slicer fetches it by itself.
    address = f"{client.get_server_url()}/datastore/image?image=sample"
    with urllib.request.urlopen(address) as answer, open(folder / "down.nii.gz", "wb") as file:
        shutil.copyfileobj(answer, file)
    assert (array(folder / "down.nii.gz") == array(sample / "image.nii.gz")).all()
    path, info = submission(sample, folder, [3, 8, 12])
    saved = client.save_label("sample", str(path), params={"label_info": info, "model": ""})
    assert saved["image"] == "sample" and saved["slices"] == 3 and saved["axis"] == "z", saved
    wrong = [{"name": "Segment_1", "idx": 1}, {"name": "tubule", "idx": 2}]
    refused(lambda: client.save_label("sample", str(path), params={"label_info": wrong}), "Segment_1", "inside tubule")
    refused(lambda: client.save_label("none", str(path), params={"label_info": info}), "none")
    final = array(client.download_label("sample", "final"))
    truth = array(sample / "label.nii.gz")
    assert (final[[3, 8, 12]] == numpy.select([truth == 0, truth == 1], [1, 2], 0)[[3, 8, 12]]).all()
    assert (numpy.delete(final, [3, 8, 12], axis=0) == 255).all()
    assert list(client.datastore()["objects"]["sample"]["labels"]) == ["final"]
    assert check_info(client, False)["datastore"]["completed"] == 1


def check_training(client):
    assert client.train_status(check_if_running=True) is False
    assert client.train_stop() is None
    started = client.train_start("unet", {"preset": "fast", "pretrained": True, "seconds": 3, "max_epochs": 0, "name": "round1"})
    assert started["status"] == "RUNNING" and started["details"], started
    refused(lambda: client.train_start("unet", {}), "429")
    done = wait(client)
    assert done["status"] == "DONE" and done["end_ts"], done
    assert client.train_status(check_if_running=True) is False
    refused(lambda: client.train_start("unet", {"learning_rate": 1}), "learning_rate")
    again = client.train_start(None, {"unet": {"preset": "fast", "seconds": 60}})["unet"]["result"]
    assert client.train_status(check_if_running=True) is True
    stopped = client.train_stop()
    assert stopped["id"] == again["id"] and stopped["details"], stopped
    assert wait(client)["status"] == "STOPPED"


def check_labels(result, parameters, client, sample, server):
    """A result has to lie where its image lies, and to hold what the other interface says."""
    assert result and list(parameters["label_names"].values()) == sorted(VALUES.values()), parameters
    (image, labels) = (SimpleITK.ReadImage(str(sample / "image.nii.gz")), SimpleITK.ReadImage(result))
    for one, other in [(image.GetOrigin(), labels.GetOrigin()), (image.GetSpacing(), labels.GetSpacing()),
                       (image.GetDirection(), labels.GetDirection())]:
        assert numpy.allclose(one[:3], other[:3], atol=1e-5), (one, other)
    if server:
        address = "/v1/projects/kidney/volumes/sample/prediction?format=raw&model=round1"
        indices = numpy.frombuffer(server.request("GET", address), "uint8").reshape(labels.GetSize()[::-1])
        expected = numpy.array([1, 2, 0], "uint8")[indices]
        assert (SimpleITK.GetArrayFromImage(labels) == expected).all()


def check_inference(client, sample, server):
    info = check_info(client, True)
    assert list(info["models"])[0] == "latest" and "round1" in info["models"], info["models"]
    image = str(sample / "image.nii.gz")
    slicer = {"result_extension": ".nrrd", "result_dtype": "uint8"}
    result, parameters = client.infer("round1", "sample", dict(slicer))
    assert result.endswith(".nrrd")
    check_labels(result, parameters, client, sample, server)
    result, parameters = client.infer("round1", "sample", {"restore_label_idx": True})
    assert result.endswith(".nii.gz")
    check_labels(result, parameters, client, sample, server)
    original = client.datastore()["objects"]["sample"]["labels"]["original"]["info"]
    assert original["params"]["label_names"] == VALUES, original
    assert array(client.download_label("sample", "original")).shape == array(result).shape
    check_segments(client, sample.parent)
    session = client.create_session(image)["session_id"]
    assert client.get_session(session)["name"] == session
    check_labels(*client.infer("round1", "any", dict(slicer), session_id=session), client, sample, None)
    assert client.remove_session(session)["name"] == session
    refused(lambda: client.get_session(session), "session")
    assert list(client.datastore()["objects"]) == ["sample"]
    refused(lambda: client.infer("round1", "none", {}), "none")
    refused(lambda: client.infer("none", "sample", {}), "latest")
    refused(lambda: client.infer("round1", "sample", {"foreground": [[1, 2, 3]]}), "foreground")
    refused(lambda: client.infer("round1", "sample", {}, label_in=image), "scribbles")
    refused(lambda: client.wsi_infer("round1", "sample"), "whole slide")
    sample_ = client.next_sample("uncertainty", {})
    assert sample_["id"] == "sample" and sample_["axis"] in "zyx" and sample_["score"] > 0, sample_
    assert client.next_sample("first", {}) == {}


def check_segments(client, folder):
    """Predictions and annotations as segments, which go back by the names that they have."""
    result, parameters = client.infer("round1", "sample", {"result_extension": ".seg.nrrd"})
    assert result.endswith(".seg.nrrd") and parameters["label_names"] == VALUES, parameters
    plain, _ = client.infer("round1", "sample", {"result_extension": ".nii.gz"})
    assert (array(result) == array(plain)).all()
    address = f"{client.get_server_url()}/datastore/label?label=sample&tag=final&format=seg.nrrd"
    with urllib.request.urlopen(address) as answer, open(folder / "final.seg.nrrd", "wb") as file:
        shutil.copyfileobj(answer, file)
    before = array(client.download_label("sample", "final"))
    # What 3D Slicer tells of numbers besides is another matter.
    wrong = [{"name": "tubule", "idx": 1}, {"name": "inside tubule", "idx": 2}]
    saved = client.save_label("sample", str(folder / "final.seg.nrrd"), params={"label_info": wrong, "model": "round1"})
    assert saved["change"] is None and saved["voxels"], saved
    assert (array(client.download_label("sample", "final")) == before).all()


def check_access(client, program, sample, folder):
    """With tokens: a user name of any kind, and a token as the password."""
    assert client.auth_enabled() is False
    made = [program, "token", "create", "--name", "anna", "--role", "trainer", "--data", folder / "data"]
    token = subprocess.run(made, capture_output=True, text=True, check=True).stdout.strip()
    assert client.auth_enabled() is True and client.auth_valid_token() is False
    refused(client.info, "401")
    refused(lambda: client.auth_token("anna", "wrong"), "401")
    client.update_auth(client.auth_token("anna", token))
    assert client.auth_valid_token() is True
    path, info = submission(sample, folder, [6])
    assert client.save_label("sample", str(path), params={"label_info": info})["slices"] == 1
    # From here on the client sends the type and length of that form with every call, and waits for an answer to each.
    begin = time.monotonic()
    assert client.info()["datastore"]["completed"] == 1
    assert client.train_stop() is None
    session = client.create_session(str(sample / "image.nii.gz"))["session_id"]
    assert client.remove_session(session)["name"] == session
    assert time.monotonic() - begin < 20, "the server waited for bodies that don't come"


def main():
    program = Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        sample = folder / "sample"
        subprocess.run([program, "phantom", "--size", "16,48,48", "--channels", "1", "--seed", "3", "--out", sample], check=True,
                       stdout=subprocess.DEVNULL)
        with running(program, folder) as server:
            classes = ",".join(f'{{"name":"{name}"}}' for name in CLASSES)
            server.request("PUT", "/v1/projects/kidney", f'{{"classes":[{classes}]}}'.encode())
            client = MONAILabelClient(f"{server.address}/monai/kidney", tmpdir=str(folder), client_id="check")
            check_info(client, False)
            refused(lambda: client.infer("latest", "sample", {}), "no model yet")
            check_data(client, sample, folder)
            check_training(client)
            check_inference(client, sample, server)
            check_access(client, program, sample, folder)
    print("check_monai: every call of MONAI Label's client does what it should")


if __name__ == "__main__":
    main()
