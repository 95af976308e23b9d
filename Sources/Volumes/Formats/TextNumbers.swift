/// Numbers written as text in a file, separated by white space or commas.
struct TextNumbers {
    private let file: PackedFile
    private let start: Int

    init(_ file: PackedFile, from start: Int) {
        self.file = file
        self.start = start
    }

    /// The first `count` numbers as a binary file in native byte order.
    func unpacked(_ count: Int, as element: ElementType) throws(VolumeError) -> OpenFile {
        guard !file.isGzipped else { throw .unsupported("the file is gzipped text; send it without gzip around it") }
        // Each number takes at least one byte, so too large a count is refused before anything is read.
        guard count <= file.file.size - start else {
            throw .malformed("the file is cut off: its header requires \(count) numbers")
        }
        let target = try ScratchFile(in: file.scratch)
        var position = start
        var word: [UInt8] = []
        var done = 0
        var values: [Double] = []
        func flush() throws(VolumeError) {
            let text = String(decoding: word, as: UTF8.self)
            guard let value = Double(text) else {
                throw .malformed("the file's text holds \"\(text)\", which is not a number")
            }
            values.append(value)
            word.removeAll(keepingCapacity: true)
            done += 1
        }
        while done < count {
            let part = try file.file.bytes(at: position, upTo: 1 << 16)
            position += part.count
            for byte in part where done < count {
                if byte == 0x2c || byte <= 0x20 {
                    if !word.isEmpty { try flush() }
                } else {
                    word.append(byte)
                    guard word.count <= 64 else { throw .malformed("the file's text has a word that is not a number") }
                }
            }
            if part.isEmpty {
                if !word.isEmpty && done < count { try flush() }
                guard done == count else {
                    throw .malformed("the file is cut off: its header requires \(count) numbers, it has \(done)")
                }
            }
            try append(values, as: element, to: target)
            values.removeAll(keepingCapacity: true)
        }
        return try target.reopen()
    }

    private func append(
        _ values: [Double], as element: ElementType, to target: borrowing ScratchFile
    ) throws(VolumeError) {
        let bytes: [UInt8]?
        switch element {
        case .uint8: bytes = Self.bytes(values) { UInt8(exactly: $0) }
        case .int8: bytes = Self.bytes(values) { Int8(exactly: $0) }
        case .uint16: bytes = Self.bytes(values) { UInt16(exactly: $0) }
        case .int16: bytes = Self.bytes(values) { Int16(exactly: $0) }
        case .uint32: bytes = Self.bytes(values) { UInt32(exactly: $0) }
        case .int32: bytes = Self.bytes(values) { Int32(exactly: $0) }
        case .uint64: bytes = Self.bytes(values) { UInt64(exactly: $0) }
        case .int64: bytes = Self.bytes(values) { Int64(exactly: $0) }
        case .float32: bytes = Self.bytes(values) { Float($0) }
        case .float64: bytes = Self.bytes(values) { $0 }
        }
        guard let bytes else {
            throw .malformed("the file's text holds a number that does not fit its type \(element.rawValue)")
        }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        defer { memory.deallocate() }
        memory.copyBytes(from: bytes)
        try target.append(UnsafeRawBufferPointer(memory))
    }

    private static func bytes<Value>(_ values: [Double], _ convert: (Double) -> Value?) -> [UInt8]? {
        let converted = values.compactMap(convert)
        guard converted.count == values.count else { return nil }
        return converted.withUnsafeBytes { [UInt8]($0) }
    }
}
