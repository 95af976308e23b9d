#!/usr/bin/env python3
"""Benchmarks the network of `slicewise bench` in PyTorch's CPU modes and in OpenVINO.

    benchmark_peers.py [--base 16,32] [--patch 64 | z,y,x] [--padding same|valid] [--channels 3] [--modes …] [--openvino]

Each mode runs in a process of its own, so that peak memory is per mode. Run this and `slicewise bench` alternately on
an idle machine and quote ratios. Needs torch and safetensors; --openvino also needs openvino.
"""
import argparse
import os
import resource
import subprocess
import sys
import time

MODES = ("f32", "f32-cl", "bf16", "bf16-cl")


def timed(function, runs):
    function()
    seconds = []
    for _ in range(runs):
        start = time.time()
        function()
        seconds.append(time.time() - start)
    seconds.sort()
    return f"{seconds[len(seconds) // 2]:.3f} (least {seconds[0]:.3f}) s"


def peak():
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB"


def run(mode, base, a):
    import torch
    from pytorch_unet import UNet

    torch.set_num_threads(os.cpu_count())
    network = UNet({"in_channels": a.channels, "classes": 3, "base": base, "levels": a.levels, "dimensions": 3,
                    "padding": a.padding, "norm": "batch"})
    extent = [int(n) for n in a.patch.split(",")] * (1 if "," in a.patch else 3)
    x = torch.randn(1, a.channels, *extent)
    name = f"base {base} patch {a.patch} {a.padding}"
    if mode.startswith("openvino"):
        import openvino
        model = openvino.convert_model(network.eval(), example_input=x)
        hints = {"INFERENCE_PRECISION_HINT": mode[9:], "PERFORMANCE_HINT": "LATENCY"}
        request = openvino.Core().compile_model(model, "CPU", hints).create_infer_request()
        print(f"{mode:13} {name}: infer {timed(lambda: request.infer([x.numpy()]), a.runs)}", flush=True)
        return
    if mode.endswith("cl"):
        network, x = (t.to(memory_format=torch.channels_last_3d) for t in (network, x))

    def forward():
        with torch.autocast("cpu", torch.bfloat16, enabled=mode.startswith("bf16")):
            return network(x)

    def infer():
        with torch.no_grad():
            forward()

    with torch.no_grad():
        y = torch.randint(0, 3, (1, *forward().shape[2:]))
    optimizer, before = torch.optim.Adam(network.parameters(), 1e-3), peak()

    def step():
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(forward().float(), y).backward()
        optimizer.step()

    trained = timed(step, a.runs)
    memory = peak()
    network.eval()
    print(f"pytorch {mode:8} {name}: train {trained}, infer {timed(infer, a.runs)}; "
          f"peak {memory}, {before} before the first step", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default="16,32")
    parser.add_argument("--patch", default="64")
    parser.add_argument("--padding", default="same", choices=("same", "valid"))
    parser.add_argument("--channels", type=int, default=3)
    parser.add_argument("--levels", type=int, default=4)
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--modes", default=",".join(MODES))
    parser.add_argument("--openvino", action="store_true")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.alone:
        run(a.alone, int(a.base), a)
        sys.exit()
    modes = a.modes.split(",") + (["openvino-f32", "openvino-bf16"] if a.openvino else [])
    for base in a.base.split(","):
        for mode in filter(None, modes):
            subprocess.run([sys.executable, __file__, *sys.argv[1:], "--base", base, "--alone", mode], check=True)
