#!/usr/bin/env python3
"""Tries models in the programs that people take them to, and one that comes from another.

Trains networks of several kinds with the program given as the first argument, exports each, and compares what ONNX Runtime and
OpenVINO compute with the program's own probabilities: on images of several sizes, two at once, of the image's own scale and of
another volume's. bioimageio.core tests the packages. A network with the layers and names of pytorch-3dunet is brought to a
server, which must predict what ONNX Runtime computes with these layers. The lines of the page on models elsewhere are run.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

import nibabel
import numpy
import onnx
import onnxruntime
import openvino
from bioimageio.core import test_description
from onnx import TensorProto, helper, numpy_helper

import pages
from server import running

SIZE = (18, 44, 36)
# Few steps, small networks; predictions see the volume from one side, as graphs do.
SMALL = {"preset": "fast", "base": 4, "test_time_mirror": [], "patch": {"z": 16, "y": 32, "x": 32}}
RECIPE = json.dumps({"preset": "fast", "test_time_mirror": []})
CONFIGURATIONS = {
    "plain": (1, "1,1,1", {"levels": 3}),
    "flat": (1, "1,1,1", {"dimensions": 2, "patch": {"z": 1, "y": 32, "x": 32}, "sampling": {"planes": "all"}}),
    "anisotropic": (1, "5,1,1", {"norm": "instance", "levels": 3}),
    "valid": (1, "1,1,1", {"norm": "none", "padding": "valid", "levels": 2, "patch": {"z": 28, "y": 36, "x": 36}}),
    "channels": (3, "1,1,1", {"statistics": "current", "levels": 2, "intensities": "all"}),
}
# Besides the whole image: sizes that are no multiple of what is pooled, thinner than it, and a single plane.
CROPS = [(13, 29, 23), (1, 21, 40), (3, 5, 2)]
TOLERANCE = 1e-4
checks = 0


def expect(truth, *what):
    global checks
    checks += 1
    if not truth:
        sys.exit("check_models: " + " ".join(str(part) for part in what))


def slicewise(*arguments):
    done = subprocess.run([sys.argv[1], *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"check_models: slicewise {' '.join(map(str, arguments))}: {done.stderr}")


def same(found, wanted, *what):
    expect(found.shape == wanted.shape, *what, found.shape, "for", wanted.shape)
    worst = float(numpy.abs(found.astype("float64") - wanted).max())
    expect(worst <= TOLERANCE, *what, "differs by", worst)


def save(path, image):
    """Writes c, z, y, x as NIfTI, whose axes are x, y, z and, for channels, a fifth."""
    values = image.transpose(3, 2, 1, 0)
    values = values[..., 0] if len(image) == 1 else values[:, :, :, None, :]
    nibabel.save(nibabel.Nifti1Image(values, numpy.eye(4)), path)


def load(path):
    values = numpy.asanyarray(nibabel.load(path).dataobj)
    values = values[:, :, :, 0] if values.ndim == 5 else values[..., None]
    return numpy.ascontiguousarray(values.transpose(3, 2, 1, 0))


def predict(folder, model, image):
    """The program's own probabilities, k, z, y, x."""
    save(folder / "crop.nii", image)
    slicewise("predict", "--model", model, "--image", folder / "crop.nii", "--out", folder / "out.npy",
              "--probability", folder / "probability.npy")
    return numpy.load(folder / "probability.npy")


class Graph:
    """An ONNX file in both runtimes."""

    def __init__(self, path):
        self.session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        core = openvino.Core()
        self.compiled = core.compile_model(core.read_model(str(path)), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})

    def compare(self, images, wanted, *what):
        values = numpy.stack(images).astype("float32")
        same(self.session.run(None, {"image": values})[0], wanted, *what, "ONNX Runtime")
        same(self.compiled(values)[0], wanted, *what, "OpenVINO")


def crops(image):
    yield image
    for z, y, x in CROPS:
        yield image[:, 2:2 + z, 1:1 + y, 3:3 + x]


def check_graph(folder, name, model, image):
    path = folder / "model.onnx"
    slicewise("export", "--model", model, "--format", "onnx", "--out", path)
    onnx.checker.check_model(str(path), full_check=True)
    properties = {entry.key: entry.value for entry in onnx.load(path).metadata_props}
    expect(len(json.loads(properties["classes"])) == 3, name, properties)
    graph = Graph(path)
    for crop in crops(image):
        graph.compare([crop], predict(folder, model, crop)[None], name, crop.shape)
    half = image.shape[3] // 2
    pair = [image[..., :half], image[..., -half:]]
    graph.compare(pair, numpy.stack([predict(folder, model, part) for part in pair]), name, "two images")
    broken = image.astype("float32")
    broken[0, 3, 4, 5], broken[0, 1, 2, 3] = numpy.nan, -numpy.inf
    graph.compare([broken], predict(folder, model, broken)[None], name, "NaN")


def check_scale(folder, name, model, image):
    """With padding and an outlier, which are set aside: scaled as this volume, pieces are seen as in the whole."""
    padded = image.astype("float32")
    padded[:, :, :, :6] = -1000
    padded[0, 5, 6, 20] = 1e6
    save(folder / f"{name}-padded.nii", padded)
    path = folder / "fixed.onnx"
    slicewise("export", "--model", model, "--format", "onnx", "--image", folder / f"{name}-padded.nii", "--out", path)
    onnx.checker.check_model(str(path), full_check=True)
    Graph(path).compare([padded], predict(folder, model, padded)[None], name, "padding")


def check_package(folder, name, model, *options):
    path = folder / f"{name}.zip"
    slicewise("export", "--model", model, "--format", "bioimageio", "--authors", "A. Author; B. Author", "--license",
              "CC-BY-4.0", *options, "--out", path)
    summary = test_description(str(path), weight_format="onnx")
    expect(summary.status == "passed", name, summary.format())


def check_exports(folder):
    for name, (channels, spacing, recipe) in CONFIGURATIONS.items():
        slicewise("phantom", "--size", ",".join(map(str, SIZE)), "--channels", channels, "--out", folder / name)
        model = folder / f"{name}.safetensors"
        slicewise("train", "--image", folder / name / "image.nii.gz", "--labels", folder / name / "sparse.nii.gz",
                  "--spacing", spacing, "--recipe", json.dumps(SMALL | recipe), "--steps", 12, "--out", model)
        image = load(folder / name / "image.nii.gz")
        check_graph(folder, name, model, image)
        check_scale(folder, name, model, image)
        check_package(folder, name, model)
    check_package(folder, "fixed", folder / "plain.safetensors", "--image", folder / "plain-padded.nii")


def check_page(folder):
    """The lines of Documentation/ModelsElsewhere.md, from nothing to a segmented volume by both runtimes."""
    folder.mkdir()
    # The block before is about servers.
    lines = pages.blocks("ModelsElsewhere.md", "sh")[1]
    out = "--out round1.safetensors"
    lines = pages.changed(lines, None, (out, f"--recipe '{RECIPE}' --steps 20 {out}"))
    pages.shell(lines + "slicewise predict --model round1.safetensors --image sample/image.nii.gz --out own.npy\n", folder, sys.argv[1])
    own = numpy.load(folder / "own.npy")
    for heading in ("ONNX Runtime", "OpenVINO"):
        with contextlib.chdir(folder):
            labels = pages.python(pages.blocks("ModelsElsewhere.md", "python", heading)[0])["labels"]
        expect(labels.shape == own.shape, "ModelsElsewhere.md:", heading, labels.shape)
        # OpenVINO computes in 16 bits where it can.
        expect((labels == own).mean() > 0.98, "ModelsElsewhere.md:", heading, (labels == own).mean())


def foreign_network(path, levels=3, features=8, channels=1, outputs=2):
    """Writes a state dict with the names of pytorch-3dunet; returns an ONNX graph of its layers."""
    random = numpy.random.default_rng(4)
    tensors, nodes = {}, []

    def tensor(name, shape, low, high):
        tensors[name] = random.uniform(low, high, shape).astype("float32")
        return name

    def node(operation, inputs, **attributes):
        nodes.append(helper.make_node(operation, inputs, [f"value{len(nodes)}"], **attributes))
        return nodes[-1].output[0]

    def convolution(path, image, inputs, outputs):
        weights = tensor(f"{path}.conv.weight", (outputs, inputs, 3, 3, 3), -0.2, 0.2)
        result = node("Conv", [image, weights], pads=[1] * 6)
        norm = [tensor(f"{path}.batchnorm.{part}", (outputs,), low, high) for part, low, high in
                [("weight", 0.5, 1.5), ("bias", -0.5, 0.5), ("running_mean", -0.5, 0.5), ("running_var", 0.5, 2)]]
        return node("Relu", [node("BatchNormalization", [result, *norm], epsilon=1e-5)])

    image, inputs, skips = "image", channels, []
    for level in range(levels):
        if level:
            image = node("MaxPool", [image], kernel_shape=[2, 2, 2], strides=[2, 2, 2])
        out = features << level
        for number, (a, b) in enumerate([(inputs, out // 2), (out // 2, out)]):
            image = convolution(f"encoders.{level}.basic_module.SingleConv{number + 1}", image, a, b)
        skips.append(image)
        inputs = out
    scales = numpy_helper.from_array(numpy.array([1, 1, 2, 2, 2], "float32"), "scales")
    for number in range(levels - 1):
        out = inputs // 2
        image = node("Resize", [image, "", "scales"], mode="nearest", nearest_mode="floor",
                     coordinate_transformation_mode="asymmetric")
        image = node("Concat", [skips[levels - 2 - number], image], axis=1)
        for place, a in enumerate([inputs + out, out]):
            image = convolution(f"decoders.{number}.basic_module.SingleConv{place + 1}", image, a, out)
        inputs = out
    image = node("Conv", [image, tensor("final_conv.weight", (outputs, inputs, 1, 1, 1), -1, 1),
                          tensor("final_conv.bias", (outputs,), -1, 1)])
    result = node("Softmax", [image], axis=1)
    header, body = {}, b""
    for name, values in tensors.items():
        header[name] = {"dtype": "F32", "shape": values.shape, "data_offsets": [len(body), len(body) + values.nbytes]}
        body += values.tobytes()
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)
    graph = helper.make_graph(
        nodes, "foreign", [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", channels, "z", "y", "x"])],
        [helper.make_tensor_value_info(result, TensorProto.FLOAT, None)],
        [numpy_helper.from_array(values, name) for name, values in tensors.items()] + [scales])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def check_foreign(folder):
    """A network of pytorch-3dunet, and a graph from the server."""
    model = foreign_network(folder / "foreign.safetensors")
    image = load(folder / "plain" / "image.nii.gz")[:, :16, :40, :32]
    save(folder / "foreign.nii", image)
    values = image.astype("float64")
    values = ((values - values.mean()) / values.std()).clip(-8, 8).astype("float32")[None]
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    wanted = session.run(None, {"image": values})[0][0]
    options = urllib.parse.urlencode({
        "layout": "pytorch-3dunet", "classes": "cell,out", "intensities": "all",
        "network": json.dumps({"name": "UNet3D", "layer_order": "cbr", "final_sigmoid": False, "f_maps": 8})})
    (folder / "server").mkdir()
    with running(sys.argv[1], folder / "server") as server:
        place = "/v1/projects/check"
        server.request("PUT", place, b'{"classes":[{"name":"out"},{"name":"cell"}]}')
        server.request("PUT", f"{place}/volumes/sample", (folder / "foreign.nii").read_bytes())
        server.request("PUT", f"{place}/models/brought?{options}", (folder / "foreign.safetensors").read_bytes())
        job = json.loads(server.request(
            "POST", f"{place}/jobs", json.dumps({"kind": "predict", "model": "brought", "volumes": ["sample"]}).encode()))
        while job["state"] not in ("succeeded", "failed", "cancelled"):
            time.sleep(0.2)
            job = json.loads(server.request("GET", f"{place}/jobs/{job['id']}"))
        expect(job["state"] == "succeeded", job)
        (folder / "found.npy").write_bytes(server.request("GET", f"{place}/volumes/sample/probability?format=npy"))
        same(numpy.load(folder / "found.npy"), wanted[::-1], "pytorch-3dunet")
        for name, query in [("server.onnx", "format=onnx&volume=sample"), ("server.zip", "format=bioimageio")]:
            (folder / name).write_bytes(server.request("GET", f"{place}/models/brought/weights?{query}"))
    graph = Graph(folder / "server.onnx")
    graph.compare([image], wanted[::-1][None], "the server's graph")
    expect(test_description(str(folder / "server.zip"), weight_format="onnx").status == "passed", "the server's package")


def main():
    with tempfile.TemporaryDirectory() as folder:
        check_exports(Path(folder))
        check_foreign(Path(folder))
        check_page(Path(folder) / "page")
    print(f"check_models: {checks} checks passed")


if __name__ == "__main__":
    main()
