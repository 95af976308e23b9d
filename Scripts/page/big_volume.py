"""Cubes of many voxels that are made plane by plane while they are sent, and whose voxels are known without being kept."""

import http.client
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy

EDGE = 64


def noise(z, y, x, bits):
    """Numbers that look random, by place."""
    word = numpy.uint32
    z, y, x = (numpy.atleast_1d(place).astype(word) for place in (z, y, x))
    mixed = (z * word(73856093) ^ y * word(19349663) ^ x * word(83492791)) * word(2654435761)
    return (mixed ^ mixed >> word(15)) * word(2246822519) >> word(32 - bits)


@dataclass
class BigVolume:
    """Smooth structure with noise of a camera, in all bricks or, if it is sparse, in those about the three middle lines only."""

    size: int
    dtype: str
    is_sparse: bool = False

    @property
    def name(self):
        return f"{self.size}-{self.dtype}"

    def voxels(self, z, y, x):
        """The voxels at places, in arrays that fit each other."""
        z, y, x = (numpy.atleast_1d(place) for place in (z, y, x))
        bits = 4 if self.dtype == "uint8" else 6
        waves = numpy.sin((z + 2 * y) / 37) + numpy.sin(y / 23) * numpy.cos((x + z) / 31) + numpy.sin((x + 3 * z) / 53)
        values = ((waves + 3) * (36 if self.dtype == "uint8" else 600)).astype(numpy.uint32) + noise(z, y, x, bits)
        if self.is_sparse:
            values = numpy.where(sum(self.is_middle(place).astype(int) for place in (z, y, x)) >= 2, values, 0)
        return values.astype(self.dtype)

    def is_middle(self, place):
        """Whether it lies in the two bricks in the middle of an axis."""
        return abs(2 * place + 1 - self.size) < 2 * EDGE

    def planes(self):
        """The planes of axis z, the first first, as bytes."""
        line = numpy.arange(self.size)
        lines = line[self.is_middle(line)]
        for z in range(self.size):
            if not self.is_sparse:
                yield self.voxels(z, line[:, None], line).tobytes()
                continue
            plane = numpy.zeros((self.size, self.size), self.dtype)
            if self.is_middle(z):
                plane[lines] = self.voxels(z, lines[:, None], line)
                plane[:, lines] = self.voxels(z, line[:, None], lines)
            else:
                plane[numpy.ix_(lines, lines)] = self.voxels(z, lines[:, None], lines)
            yield plane.tobytes()

    def at_level(self, level, z, y, x):
        """Voxels of a copy that is made by halving so often."""
        if level == 0:
            return self.voxels(z, y, x)
        parts = [self.at_level(level - 1, 2 * z + down, 2 * y + back, 2 * x + across).astype(numpy.float64)
                 for down in (0, 1) for back in (0, 1) for across in (0, 1)]
        return numpy.floor(sum(parts) / 8 + 0.5).astype(self.dtype)

    def upload(self, server, path):
        """Seconds that it takes to send it."""
        words = f"{{'descr': '{numpy.dtype(self.dtype).str}', 'fortran_order': False, 'shape': {(self.size,) * 3}, }}"
        words += " " * (63 - (10 + len(words)) % 64) + "\n"
        head = b"\x93NUMPY\x01\x00" + len(words).to_bytes(2, "little") + words.encode()
        length = len(head) + self.size ** 3 * numpy.dtype(self.dtype).itemsize

        def body():
            yield head
            yield from self.planes()

        place = urlsplit(server.address)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=1800)
        start = time.monotonic()
        connection.request("PUT", path, body(), {"Content-Length": str(length)})
        answer = connection.getresponse()
        told = answer.read()
        connection.close()
        if answer.status != 201:
            raise SystemExit(f"PUT {path}: {answer.status} {told.decode()}")
        return time.monotonic() - start


def levels_made(server, path, seconds=1800):
    """Waits for the levels of a volume; seconds that it takes."""
    start = time.monotonic()
    while not all(level["ready"] for level in json.loads(server.request("GET", path))["levels"]):
        if time.monotonic() > start + seconds:
            raise SystemExit(f"the levels of {path} are not made after {seconds} s")
        time.sleep(0.2)
    return time.monotonic() - start
