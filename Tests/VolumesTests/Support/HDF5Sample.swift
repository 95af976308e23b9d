import Foundation
import TestSupport

/// The HDF5 files that `Scripts/make_hdf5_samples.py` wrote with h5py.
enum HDF5Sample: String, CaseIterable {
    case ilastik = "ilastik.h5"
    case plantSeg = "plantseg.h5"
    case imaris = "imaris.ims"
    case bigDataViewer = "bigdataviewer.h5"
    case newest = "newest.h5"
    case matlab = "matlab.mat"
    /// With links and datasets that lead out of the file.
    case elsewhere = "elsewhere.h5"
    case others = "others.h5"

    var url: URL { TestFiles.fuzz.appending(path: "Corpus/hdf5").appending(path: rawValue) }

    /// The value of every voxel of 5×7×6, z slowest: 7 more for each, in the type that it is stored in.
    static func counted<Number: FixedWidthInteger>(_ type: Number.Type, from first: Int = 0) -> [Number] {
        (0..<210).map { Number(truncatingIfNeeded: $0 * 7 + first) }
    }
}
