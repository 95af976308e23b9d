/// The part of an unpacked chunk that belongs to a volume, in the order C, Z, Y, X.
struct ZarrCut {
    private let size: Int
    /// Of the first number, in numbers.
    private let start: Int
    /// Counts and strides along c, z, y and x, in numbers.
    private let steps: [(count: Int, stride: Int)]
    /// Whether it is all of the chunk in its own order.
    let isWhole: Bool

    /// The first `channels` and voxels of a chunk, at the time point that was chosen.
    init(_ selection: ZarrSelection, _ codecs: ZarrCodecs, channels: Int, extent: Extent) {
        size = selection.array.type.size
        let chunk = selection.chunk
        var strides = [Int](repeating: 0, count: chunk.count)
        var stride = 1
        for axis in codecs.order.reversed() {
            strides[axis] = stride
            stride *= chunk[axis]
        }
        let time = selection.axes.firstIndex(of: "t")
        start = time.map { selection.time % chunk[$0] * strides[$0] } ?? 0
        let step = { (axis: Character) in selection.axes.firstIndex(of: axis).map { strides[$0] } ?? 0 }
        steps = [
            (channels, step("c")), (extent.z, step("z")), (extent.y, step("y")), (extent.x, step("x")),
        ]
        var (expected, isPlain) = (1, true)
        for (count, stride) in steps.reversed() {
            isPlain = isPlain && (count == 1 || stride == expected)
            expected *= count
        }
        isWhole = isPlain && expected == stride
    }

    func values(of chunk: [UInt8]) -> [UInt8] {
        let count = steps.reduce(1) { $0 * $1.count }
        return [UInt8](unsafeUninitializedCapacity: count * size) { target, filled in
            chunk.withUnsafeBytes { source in
                let target = UnsafeMutableRawBufferPointer(target)
                var place = 0
                for c in 0..<steps[0].count {
                    for z in 0..<steps[1].count {
                        for y in 0..<steps[2].count {
                            let row = start + c * steps[0].stride + z * steps[1].stride + y * steps[2].stride
                            copy(source, from: row, to: target, at: place)
                            place += steps[3].count
                        }
                    }
                }
            }
            filled = count * size
        }
    }

    /// Copies a row along x; places are in numbers.
    private func copy(
        _ source: UnsafeRawBufferPointer, from start: Int, to target: UnsafeMutableRawBufferPointer, at place: Int
    ) {
        let (count, stride) = steps[3]
        if stride == 1 || count == 1 {
            let row = source[start * size..<(start + count) * size]
            UnsafeMutableRawBufferPointer(rebasing: target[place * size..<(place + count) * size])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: row))
            return
        }
        for index in 0..<count {
            let (from, to) = ((start + index * stride) * size, (place + index) * size)
            for byte in 0..<size { target[to + byte] = source[from + byte] }
        }
    }
}

/// Floats of 16 bits.
enum HalfFloats {
    /// The same as floats of 32 bits in native order, which hold each of them exactly.
    static func singles(_ bytes: [UInt8], bigEndian: Bool) -> [UInt8] {
        let (low, high) = bigEndian ? (1, 0) : (0, 1)
        let floats = stride(from: 0, to: bytes.count, by: 2).map { place in
            Float(Float16(bitPattern: UInt16(bytes[place + low]) | UInt16(bytes[place + high]) << 8))
        }
        return floats.withUnsafeBytes { [UInt8]($0) }
    }
}
