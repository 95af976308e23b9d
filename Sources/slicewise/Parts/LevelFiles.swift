internal import Volumes

/// The files of a level of an OME-Zarr: each holds a chunk, or several in format 3.
struct LevelFiles {
    let extent: Extent
    let chunk: Extent
    /// Chunks of a file along each axis.
    let perFile: Extent

    /// `block` is in voxels of the volume in chunks of `chunk`; a coarser level has as many chunks in a file.
    init(level: Extent, chunk: Extent, block: Extent, _ version: OMEZarrVersion) {
        extent = level
        var size = chunk
        var several = Extent(z: 1, y: 1, x: 1)
        for axis in Axis.allCases {
            size[axis] = min(chunk[axis], level[axis])
            if version == .v05 { several[axis] = block[axis] / chunk[axis] }
        }
        self.chunk = size
        perFile = several
    }

    /// The size of a file's part of the volume.
    var file: Extent {
        Extent(z: chunk.z * perFile.z, y: chunk.y * perFile.y, x: chunk.x * perFile.x)
    }

    /// The places of the files that hold voxels of a box, x fastest.
    func places(in box: Box) -> [Voxel] {
        let range = { (axis: Axis) in
            box.origin[axis] / file[axis]..<(box.range(axis).upperBound + file[axis] - 1) / file[axis]
        }
        return range(.z).flatMap { z in range(.y).flatMap { y in range(.x).map { x in Voxel(z: z, y: y, x: x) } } }
    }

    /// How many files there are along each axis.
    var counts: Extent {
        var counts = extent
        for axis in Axis.allCases { counts[axis] = (extent[axis] + file[axis] - 1) / file[axis] }
        return counts
    }

    /// What the chunks of a file hold of the level, in their order; empty for those beyond its end.
    func chunks(of place: Voxel) -> [Box] {
        let first = Voxel(z: place.z * file.z, y: place.y * file.y, x: place.x * file.x)
        return (0..<perFile.z).flatMap { z in
            (0..<perFile.y).flatMap { y in
                (0..<perFile.x).map { x in
                    let origin = Voxel(z: first.z + z * chunk.z, y: first.y + y * chunk.y, x: first.x + x * chunk.x)
                    return Box(origin: origin, extent: chunk).intersection(Box(extent: extent))
                }
            }
        }
    }
}
