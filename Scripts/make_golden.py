#!/usr/bin/env python3
"""Reference vectors of the network: what PyTorch computes in float64, stored as float32.

    make_golden.py [FOLDER]             writes them, to Tests/NetworkTests/Golden/Vectors where no folder is named
    make_golden.py --compare [FOLDER]   makes them anew and compares those that are there

Needs torch, numpy and safetensors, all from PyPI. One file per configuration, which its metadata tells, in the names that
Slicewise gives tensors:

    init.*                  parameters and running statistics, rounded to float32 so that every reader starts from the same
    input, labels           one patch; labelled are one slice on each axis, without its first two rows in y; 255 is unlabeled
    class_weights           of the loss: Σ weight · cross-entropy / Σ weight over the labelled voxels
    logits.eval             with running statistics
    logits.train, grad.*    of the first step, with those of the patch
    losses                  of three steps of SGD; rate, momentum and decay are in the metadata
    after1.*, after3.*      parameters and running statistics behind the first and the last step

Running variances take the unbiased variance of the patch, with a momentum of 0.1.
"""
import argparse
import sys
from pathlib import Path

import numpy
import torch
from safetensors.numpy import load_file, save_file
from torch import nn

UNLABELED = 255
STEPS, RATE, MOMENTUM, DECAY = 3, 0.05, 0.9, 1e-4
FOLDER = Path(__file__).resolve().parent.parent / "Tests/NetworkTests/Golden/Vectors"

# same_plain has no normalization; valid_bn and valid_deep lose a border with every convolution.
CASES = {
    "same_bn": dict(channels=3, classes=3, base=4, levels=3, extent=(8, 12, 16), padding="same", norm=True, seed=1),
    "same_plain": dict(channels=1, classes=2, base=4, levels=3, extent=(12, 8, 8), padding="same", norm=False, seed=2),
    "valid_bn": dict(channels=2, classes=4, base=4, levels=2, extent=(20, 24, 22), padding="valid", norm=True, seed=3),
    "valid_deep": dict(channels=1, classes=3, base=2, levels=3, extent=(44, 44, 48), padding="valid", norm=True, seed=4),
}


def block(inputs, first, second, padding, norm):
    """Two convolutions of 3×3×3, each with its normalization and ReLU."""
    layers = []
    for source, target in ((inputs, first), (first, second)):
        layers.append(nn.Conv3d(source, target, 3, padding=padding, bias=not norm))
        if norm:
            layers.append(nn.BatchNorm3d(target, eps=1e-5, momentum=0.1))
        layers.append(nn.ReLU())
    return nn.Sequential(*layers)


def cropped(skip, like):
    """The middle of a skip connection, of another tensor's extent."""
    starts = [(a - b) // 2 for a, b in zip(skip.shape[2:], like.shape[2:])]
    return skip[(..., *(slice(start, start + size) for start, size in zip(starts, like.shape[2:])))]


class UNet(nn.Module):
    """Çiçek et al. 2016: channels double before each pooling; up-convolutions keep their channels and have no bias; what
    is skipped is concatenated behind what was upsampled."""

    def __init__(self, channels, classes, base, levels, padding, norm):
        super().__init__()
        pad = 1 if padding == "same" else 0
        self.encoder, self.up, self.decoder = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for level in range(levels):
            self.encoder.append(block(channels, base * 2**level, base * 2 ** (level + 1), pad, norm))
            channels = base * 2 ** (level + 1)
        for level in reversed(range(levels - 1)):
            self.up.append(nn.ConvTranspose3d(channels, channels, 2, 2, bias=False))
            width = base * 2 ** (level + 1)
            self.decoder.append(block(channels + width, width, width, pad, norm))
            channels = width
        self.output = nn.Conv3d(channels, classes, 1)
        self.pool = nn.MaxPool3d(2)

    def forward(self, x):
        skips = []
        for level, encode in enumerate(self.encoder):
            x = encode(x if level == 0 else self.pool(x))
            skips.append(x)
        skips.pop()
        for up, decode in zip(self.up, self.decoder):
            x = up(x)
            x = decode(torch.cat([x, cropped(skips.pop(), x)], 1))
        return self.output(x)


def names(network):
    """Slicewise's name of every tensor, by PyTorch's."""
    levels = len(network.encoder)
    result = {"output.weight": "output.weight", "output.bias": "output.bias"}
    blocks = [("encoder", level, level, layers) for level, layers in enumerate(network.encoder)]
    blocks += [("decoder", index, levels - 2 - index, layers) for index, layers in enumerate(network.decoder)]
    for part, index, level, layers in blocks:
        convolution = -1
        for place, layer in enumerate(layers):
            if isinstance(layer, nn.Conv3d):
                convolution += 1
                kind = "conv"
            else:
                kind = "norm"
            for tensor in layer.state_dict():
                if tensor != "num_batches_tracked":
                    result[f"{part}.{index}.{place}.{tensor}"] = f"{part}.{level}.{kind}{convolution}.{tensor}"
    for index in range(levels - 1):
        result[f"up.{index}.weight"] = f"decoder.{levels - 2 - index}.up.weight"
    return result


def stored(tensor):
    return numpy.ascontiguousarray(tensor.detach().numpy().astype(numpy.float32))


def vary(network):
    """Statistics, scales and biases that are not those of a new network, and all numbers rounded to float32."""
    for name, buffer in network.named_buffers():
        if name.endswith("running_mean"):
            buffer.uniform_(-0.3, 0.3)
        if name.endswith("running_var"):
            buffer.uniform_(0.5, 1.5)
    for name, parameter in network.named_parameters():
        if parameter.dim() == 1:
            parameter.data.uniform_(*((0.5, 1.5) if name.endswith("weight") else (-0.2, 0.2)))
    for tensor in [*network.parameters(), *(b for b in network.buffers() if b.dtype == torch.float64)]:
        tensor.data = tensor.data.float().double()


def sparse_labels(classes, extent):
    """One slice on each axis, the first two rows in y left out."""
    labels = torch.full((1, *extent), UNLABELED, dtype=torch.long)
    dense = torch.randint(0, classes, (1, *extent))
    for axis in range(3):
        plane = [slice(None)] * 4
        plane[axis + 1] = extent[axis] // 2
        labels[tuple(plane)] = dense[tuple(plane)]
    labels[:, :, :2, :] = UNLABELED
    return labels


def make(channels, classes, base, levels, extent, padding, norm, seed):
    """The tensors of one configuration, and its metadata."""
    torch.manual_seed(seed)
    torch.set_default_dtype(torch.float64)
    network = UNet(channels, classes, base, levels, padding, norm)
    vary(network)
    known, tensors = names(network), {}

    def keep(prefix, state):
        tensors.update({f"{prefix}.{known[name]}": stored(value) for name, value in state if name in known})

    keep("init", network.state_dict().items())
    image = torch.randn(1, channels, *extent).float().double()
    network.eval()
    with torch.no_grad():
        logits = network(image)
    labels = sparse_labels(classes, logits.shape[2:])
    weights = torch.linspace(0.5, 2, classes)
    tensors |= {
        "input": stored(image), "labels": labels.numpy().astype(numpy.uint8), "class_weights": stored(weights),
        "logits.eval": stored(logits),
    }
    network.train()
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE, momentum=MOMENTUM, weight_decay=DECAY)
    losses = []
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        logits = network(image)
        loss = nn.functional.cross_entropy(logits, labels, weight=weights, ignore_index=UNLABELED)
        loss.backward()
        if step == 1:
            tensors["logits.train"] = stored(logits)
            keep("grad", ((name, parameter.grad) for name, parameter in network.named_parameters()))
        losses.append(loss.item())
        optimizer.step()
        if step in (1, STEPS):
            keep(f"after{step}", network.state_dict().items())
    tensors["losses"] = numpy.array(losses, numpy.float32)
    metadata = dict(
        in_channels=channels, classes=classes, base=base, levels=levels, padding=padding, batch_norm=norm, eps=1e-5,
        bn_momentum=0.1, unlabeled=UNLABELED, lr=RATE, momentum=MOMENTUM, weight_decay=DECAY, steps=STEPS,
        order="N,C,D,H,W", weight_order="out,in,kd,kh,kw; up: in,out,2,2,2")
    return tensors, {key: str(value) for key, value in metadata.items()}


def compare(name, tensors, file):
    """The largest difference of a tensor from the one in the file, as a part of that tensor's largest number."""
    there = load_file(file)
    if sorted(there) != sorted(tensors):
        sys.exit(f"{file} holds other tensors: {sorted(set(there) ^ set(tensors))}")
    worst = (0.0, "")
    for key, value in tensors.items():
        other = there[key].astype(float)
        if other.shape != value.shape:
            sys.exit(f"{file}: {key} has the shape {other.shape} instead of {value.shape}")
        difference = numpy.abs(other - value.astype(float)).max() / max(numpy.abs(other).max(), 1e-30)
        worst = max(worst, (difference, key))
    print(f"{name}: {len(tensors)} tensors, the largest difference is {worst[0]:.1e} of the largest number, in {worst[1]}")
    return worst[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--compare", action="store_true", help="compare what is there instead of writing")
    options = parser.parse_args()
    worst = 0.0
    for name, case in CASES.items():
        tensors, metadata = make(**case)
        file = options.folder / f"{name}.safetensors"
        if options.compare:
            worst = max(worst, compare(name, tensors, file))
        else:
            save_file(tensors, file, metadata=metadata)
            print(f"{file}: losses {', '.join(f'{loss:.6f}' for loss in tensors['losses'])}")
    # Numbers are the same but for the order in which they were added.
    if worst > 1e-5:
        sys.exit("the vectors are not those that this program makes")


if __name__ == "__main__":
    main()
