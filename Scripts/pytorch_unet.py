#!/usr/bin/env python3
"""The network of a Slicewise weights file in PyTorch, for inference or further training.

    pytorch_unet.py MODEL.safetensors            prints its configuration and number of parameters

As a module: `from pytorch_unet import load`, then `network = load("MODEL.safetensors")`. To upload weights trained in
PyTorch, use `save(network, "OTHER.safetensors")` and `PUT …/models/NAME`. Needs torch and safetensors.
"""
import argparse

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn


def sizes(c, name, size, count):
    """Kernels or windows of every level: from the file ("1x3x3 3x3x3"), or the same for all."""
    if name in c:
        return [tuple(int(number) for number in entry.split("x")) for entry in c[name].split()]
    return [(size if c["dimensions"] == 3 else 1, size, size)] * count


class Block(nn.Module):
    """Two convolutions, each followed by its normalisation and ReLU."""

    def __init__(self, inputs, first, second, kernel, c):
        super().__init__()
        padding = tuple(k // 2 for k in kernel) if c["padding"] == "same" else 0
        norm = {"none": lambda n: nn.Identity(), "batch": nn.BatchNorm3d,
                "instance": lambda n: nn.InstanceNorm3d(n, affine=True)}[c["norm"]]
        self.conv0 = nn.Conv3d(inputs, first, kernel, padding=padding, bias=c["norm"] == "none")
        self.norm0 = norm(first)
        self.conv1 = nn.Conv3d(first, second, kernel, padding=padding, bias=c["norm"] == "none")
        self.norm1 = norm(second)

    def forward(self, x):
        x = torch.relu(self.norm0(self.conv0(x)))
        return torch.relu(self.norm1(self.conv1(x)))


class UNet(nn.Module):
    """The 3D U-Net of Çiçek et al. 2016; up-sampled features are concatenated before those of the skip connection.

    Outputs of coarser levels (`deep_outputs`) are loaded but not used here: they are for deep supervision in training.
    """

    def __init__(self, configuration):
        super().__init__()
        self.configuration = c = configuration
        kernels, windows = sizes(c, "kernels", 3, c["levels"]), sizes(c, "windows", 2, c["levels"] - 1)
        self.encoder, self.decoder = nn.ModuleDict(), nn.ModuleDict()
        inputs = c["in_channels"]
        for level in range(c["levels"]):
            self.encoder[str(level)] = Block(inputs, c["base"] << level, c["base"] << level + 1, kernels[level], c)
            inputs = c["base"] << level + 1
        for level in reversed(range(c["levels"] - 1)):
            outputs = c["base"] << level + 1
            block = Block(inputs + outputs, outputs, outputs, kernels[level], c)
            block.up = nn.ConvTranspose3d(inputs, inputs, windows[level], windows[level], bias=False)
            self.decoder[str(level)], inputs = block, outputs
        self.pools = [nn.MaxPool3d(window) for window in windows]
        self.output = nn.Conv3d(inputs, c["classes"], 1)
        for level in range(1, c.get("deep_outputs", 0) + 1):
            path = self.decoder if level < c["levels"] - 1 else self.encoder
            path[str(level)].output = nn.Conv3d(c["base"] << level + 1, c["classes"], 1)

    def forward(self, x):
        skips = []
        for level in range(self.configuration["levels"]):
            x = self.encoder[str(level)](self.pools[level - 1](x) if level else x)
            skips.append(x)
        skips.pop()
        for level in reversed(range(self.configuration["levels"] - 1)):
            block, skip = self.decoder[str(level)], skips.pop()
            x = block.up(x)
            for axis in (2, 3, 4):
                skip = skip.narrow(axis, (skip.shape[axis] - x.shape[axis]) // 2, x.shape[axis])
            x = block(torch.cat([x, skip], 1))
        return self.output(x)


NUMBERS = ("in_channels", "classes", "base", "levels", "dimensions")


def load(path):
    """Loads the network of a weights file, including its running statistics."""
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
        configuration = {name: int(metadata[name]) for name in NUMBERS}
        configuration |= {"padding": metadata["padding"], "norm": metadata["norm"]}
        configuration |= {name: metadata[name] for name in ("kernels", "windows") if name in metadata}
        configuration |= {name: int(metadata[name]) for name in ("deep_outputs",) if name in metadata}
        network = UNet(configuration)
        names = [name for name in file.keys() if not name.startswith("optimizer.")]
        state = {name: file.get_tensor(name) for name in names}
    missing, unexpected = network.load_state_dict(state, strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or [name for name in unexpected if "running" not in name]:
        raise ValueError(f"not a Slicewise network: missing {missing}, unexpected {unexpected}")
    return network


def save(network, path):
    """Writes a weights file that the server accepts."""
    state = {name: value.contiguous() for name, value in network.state_dict().items()
             if not name.endswith("num_batches_tracked")}
    for name, module in network.named_modules():
        if isinstance(module, nn.InstanceNorm3d):  # The file has a place for running statistics, which nothing uses.
            state[f"{name}.running_mean"] = torch.zeros(module.num_features)
            state[f"{name}.running_var"] = torch.ones(module.num_features)
    save_file(state, path, metadata={name: str(value) for name, value in network.configuration.items()})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    loaded = load(parser.parse_args().model)
    print(loaded.configuration, sum(p.numel() for p in loaded.parameters()), "parameters")
