/// An array in an HDF5 file.
package struct HDF5Dataset: Hashable {
    package let path: String
    /// `u` and `i` are integers, `f` floats, `e` integers with names, such as booleans; `o` is anything else.
    let kind: Character
    /// Bytes of a number.
    let bytes: Int
    /// Slowest first.
    package let sizes: [Int]
    /// Why it can't be read: `external`, `virtual`, `damaged`, or a filter's number; `nil` if it can.
    let obstacle: String?

    /// The type that its numbers are read as, floats of 16 bits as of 32; `nil` if they are no such numbers.
    var element: ElementType? {
        switch (kind, bytes) {
        case ("u", 1), ("e", 1): .uint8
        case ("i", 1): .int8
        case ("u", 2): .uint16
        case ("i", 2), ("e", 2): .int16
        case ("u", 4): .uint32
        case ("i", 4), ("e", 4): .int32
        case ("u", 8): .uint64
        case ("i", 8), ("e", 8): .int64
        case ("f", 2), ("f", 4): .float32
        case ("f", 8): .float64
        default: nil
        }
    }

    /// The number of axes of at least this size.
    func axes(ofAtLeast size: Int) -> Int { sizes.count { $0 >= size } }

    /// As messages name it.
    var text: String { "\(path) (\(sizesText) \(element?.rawValue ?? "without numbers"))" }

    var sizesText: String { sizes.isEmpty ? "a single value" : sizes.map(String.init).joined(separator: " × ") }

    /// Throws if it can't be read.
    func check() throws(VolumeError) {
        guard obstacle != "damaged" else {
            throw .malformed(
                "\(path) in the HDF5 file can't be read: it is damaged, or in a newer format than that of HDF5 1.10 "
                    + "(h5py writes that one with libver=\"v110\", or without libver)")
        }
        guard element != nil else {
            throw .unsupported(
                "the HDF5 dataset \(path) holds no numbers that can be voxels; integers of 8 to 64 bits, booleans and "
                    + "floats of 16 to 64 bits can")
        }
        guard let obstacle else { return }
        guard let filter = Int(obstacle) else {
            throw .unsupported(
                "the HDF5 dataset \(path) keeps its voxels elsewhere, which is not followed; copy it to a file that "
                    + "has them itself, as h5repack does")
        }
        let known = Self.filters[filter].map { " (\($0))" } ?? ""
        throw .unsupported(
            "the HDF5 dataset \(path) is packed with filter \(filter)\(known), which takes a plug-in, and none are "
                + "loaded; save it with gzip or unpacked: h5repack -f GZIP=4 does where the plug-in is")
    }

    /// From the registry of filters of the HDF Group.
    private static let filters = [
        4: "SZIP", 307: "bzip2", 32000: "LZF", 32001: "Blosc", 32004: "LZ4", 32008: "bitshuffle", 32013: "ZFP",
        32015: "Zstandard", 32026: "Blosc2",
    ]
}

/// A text or some numbers that belong to a dataset or group.
enum HDF5Attribute: Hashable {
    case text(String)
    case numbers([Double])

    var text: String? { if case .text(let text) = self { text } else { nil } }

    /// The numbers, written as text or not.
    var numbers: [Double]? {
        switch self {
        case .text(let text): text.numbers
        case .numbers(let numbers): numbers
        }
    }
}
