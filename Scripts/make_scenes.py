#!/usr/bin/env python3
"""Makes volumes with dense labels on which recipes are compared: kinds that freely available data seldom has.

    make_scenes.py FOLDER

Writes NAME.image.nii.gz (uint8) and NAME.label.nii.gz for two scenes of each kind: membranes between cells, dim spots in a
large background, tubes beside blobs as bright as they are, textures of equal brightness, and cells with walls and nuclei. The
same numbers each time. `evaluate_loop.py` takes the folder. Needs Python 3, numpy and scipy.
"""
import gzip, os, struct, sys
import numpy as np
from scipy.ndimage import distance_transform_edt, gaussian_filter
from scipy.spatial import cKDTree


def write_nifti(path, array):
    """A NIfTI-1 file of voxels of 1 mm, z first in `array`."""
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, *array.shape[::-1], 1, 1, 1, 1)
    struct.pack_into("<hh", header, 70, 2, 8)
    struct.pack_into("<8f", header, 76, 1, 1, 1, 1, 0, 0, 0, 0)
    struct.pack_into("<ff", header, 108, 352, 1)
    header[123] = 2
    header[344:348] = b"n+1\0"
    with open(path, "wb") as file:
        file.write(gzip.compress(bytes(header) + np.ascontiguousarray(array).tobytes(), 1, mtime=0))


def noise(random, shape, sigma):
    return gaussian_filter(random.normal(size=shape), sigma)


def ball(shape, centre, radius):
    axes = np.ogrid[tuple(slice(n) for n in shape)]
    return sum(((a - c) / radius) ** 2 for a, c in zip(axes, centre)) < 1


def photographed(random, image, sigma):
    """The image with the noise of its light and of the camera."""
    return np.clip(random.poisson(np.clip(image, 2, None)) + random.normal(0, sigma, image.shape), 0, 255).astype(np.uint8)


def membranes(shape, cells, seed, thickness=1.0):
    random = np.random.default_rng(seed)
    centres = random.random((cells, 3)) * np.array(shape)
    places = np.stack(np.meshgrid(*[np.arange(n) for n in shape], indexing="ij"), -1).reshape(-1, 3)
    places = places + np.stack([noise(random, shape, 6).ravel() * 60 for _ in range(3)], -1)
    distances, _ = cKDTree(centres).query(places, k=2, workers=-1)
    wall = (distances[:, 1] - distances[:, 0] < thickness * 1.3).reshape(shape)
    image = gaussian_filter(wall.astype(np.float32), 0.8) * 34 + noise(random, shape, 8) * 120 + 30
    image *= 1 + noise(random, shape, 20) * 8
    return photographed(random, image, 9), wall.astype(np.uint8)


def spots(shape, count, seed):
    random = np.random.default_rng(seed)
    labels = np.zeros(shape, np.uint8)
    image = noise(random, shape, 10) * 200 + 40
    for _ in range(count):
        inside = ball(shape, random.random(3) * np.array(shape), random.uniform(2.5, 5))
        labels[inside] = 1
        image = np.where(inside, image + random.uniform(12, 50), image)
    return photographed(random, gaussian_filter(image, 1.0), 5), labels


def tubes(shape, count, seed):
    random = np.random.default_rng(seed)
    middle = np.zeros(shape, bool)
    for _ in range(count):
        place = random.random(3) * np.array(shape)
        way = random.normal(size=3)
        way /= np.linalg.norm(way)
        for _ in range(400):
            voxel = np.round(place).astype(int)
            if (voxel < 0).any() or (voxel >= np.array(shape)).any():
                break
            middle[tuple(voxel)] = True
            way += random.normal(size=3) * 0.12
            way /= np.linalg.norm(way)
            place = place + way * 0.7
    labels = (distance_transform_edt(~middle) < 2.2).astype(np.uint8)
    blobs = noise(random, shape, 2.5)
    blobs = blobs > 2.2 * blobs.std()
    image = 30 + 70 * gaussian_filter(np.maximum(labels, blobs).astype(np.float32), 0.9) + noise(random, shape, 12) * 150
    return photographed(random, image, 8), labels


def textures(shape, seed):
    random = np.random.default_rng(seed)
    field = noise(random, shape, 9)
    labels = np.digitize(field, [-0.5 * field.std(), 0.7 * field.std()]).astype(np.uint8)
    grains = [noise(random, shape, sigma) for sigma in (0.7, 1.8, (0.6, 2.5, 2.5))]
    image = sum((labels == i) * grain / grain.std() for i, grain in enumerate(grains)) * 20 + 100
    return np.clip(image + random.normal(0, 6, shape), 0, 255).astype(np.uint8), labels


def cells(shape, count, seed):
    random = np.random.default_rng(seed)
    image, labels = membranes(shape, count, seed + 100, 2.0)
    image, wall = image.astype(np.float32), labels.copy()
    for _ in range(count):
        nucleus = ball(shape, random.random(3) * np.array(shape), random.uniform(4, 7)) & (wall == 0)
        labels[nucleus] = 2
        image = np.where(nucleus, image + 45, image)
    return np.clip(gaussian_filter(image, 0.6) + random.normal(0, 8, shape), 0, 255).astype(np.uint8), labels


SCENES = {
    "membranesA": lambda: membranes((64, 192, 192), 260, 1), "membranesB": lambda: membranes((56, 200, 200), 120, 2),
    "spotsA": lambda: spots((64, 192, 192), 60, 3), "spotsB": lambda: spots((96, 160, 160), 40, 4),
    "tubesA": lambda: tubes((64, 160, 160), 30, 5), "tubesB": lambda: tubes((80, 128, 128), 22, 6),
    "texturesA": lambda: textures((48, 128, 128), 7), "texturesB": lambda: textures((64, 112, 112), 8),
    "cellsA": lambda: cells((64, 160, 160), 110, 9), "cellsB": lambda: cells((48, 192, 192), 140, 10),
}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    os.makedirs(sys.argv[1], exist_ok=True)
    for name, make in SCENES.items():
        image, labels = make()
        write_nifti(os.path.join(sys.argv[1], name + ".image.nii.gz"), image)
        write_nifti(os.path.join(sys.argv[1], name + ".label.nii.gz"), labels)


if __name__ == "__main__":
    main()
