internal import Volumes

extension VoxelSource {
    /// Reads class indices from the first channel; what is no whole number from 0 to 254 is 255, unlabeled.
    func labels(in box: Box) throws -> [UInt8] {
        let count = box.extent.voxels
        let element = header.element
        var labels = [UInt8](repeating: AnnotatedSlice.unlabeled, count: count)
        if element == .uint8 {
            try labels.withUnsafeMutableBytes { try read(box, channel: 0, into: $0) }
            return labels
        }
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count * element.size, alignment: 16)
        defer { bytes.deallocate() }
        try read(box, channel: 0, into: bytes)
        for place in labels.indices {
            let value: Double =
                switch element {
                case .uint8: Double(bytes.load(fromByteOffset: place, as: UInt8.self))
                case .int8: Double(bytes.load(fromByteOffset: place, as: Int8.self))
                case .uint16: Double(bytes.load(fromByteOffset: place * 2, as: UInt16.self))
                case .int16: Double(bytes.load(fromByteOffset: place * 2, as: Int16.self))
                case .uint32: Double(bytes.load(fromByteOffset: place * 4, as: UInt32.self))
                case .int32: Double(bytes.load(fromByteOffset: place * 4, as: Int32.self))
                case .uint64: Double(bytes.load(fromByteOffset: place * 8, as: UInt64.self))
                case .int64: Double(bytes.load(fromByteOffset: place * 8, as: Int64.self))
                case .float32: Double(bytes.load(fromByteOffset: place * 4, as: Float.self))
                case .float64: bytes.load(fromByteOffset: place * 8, as: Double.self)
                }
            labels[place] = UInt8(exactly: value) ?? AnnotatedSlice.unlabeled
        }
        return labels
    }
}
