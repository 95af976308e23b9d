internal import CBlosc
internal import CLZ4
internal import CZlib
internal import CZstd

extension [ZarrPacking] {
    /// The bytes of a chunk, which must be so many, from those that these made of them, the last one last.
    func unpacked(_ packed: [UInt8], to size: Int) throws(VolumeError) -> [UInt8] {
        var bytes = packed
        for (index, packing) in enumerated().reversed() {
            // What one of them gives to the next is hardly ever longer than what it got.
            bytes = try packing.unpacked(bytes, atMost: index == 0 ? size : Self.most(size))
        }
        guard bytes.count == size else {
            throw .malformed("it unpacks to \(bytes.count) bytes; its shape and type require \(size)")
        }
        return bytes
    }

    /// The most bytes that are taken of a packed chunk.
    static func most(_ size: Int) -> Int { size + size / 8 + 1 << 16 }
}

extension ZarrPacking {
    fileprivate func unpacked(_ bytes: [UInt8], atMost limit: Int) throws(VolumeError) -> [UInt8] {
        switch self {
        case .blosc: try Self.blosc(bytes, limit)
        case .zstd: try Self.zstd(bytes, limit)
        case .gzip: try Self.inflated(bytes, limit)
        case .lz4: try Self.lz4(bytes, limit)
        case .checksum: try CRC32C.checked(bytes)
        case .shuffle(let size): try Self.unshuffled(bytes, size)
        }
    }

    private static func damaged(_ codec: String, _ reason: String) -> VolumeError {
        .malformed("it is damaged, or not what \(codec) packed: \(reason)")
    }

    private static func tooLong(_ codec: String, _ limit: Int) -> VolumeError {
        damaged(codec, "it unpacks to more than the \(limit) bytes that its shape and type require")
    }

    private static func blosc(_ bytes: [UInt8], _ limit: Int) throws(VolumeError) -> [UInt8] {
        var count = 0
        guard bytes.withUnsafeBytes({ blosc_cbuffer_validate($0.baseAddress, $0.count, &count) }) == 0 else {
            throw damaged("blosc", "its header is not one of Blosc 1")
        }
        guard count <= limit else { throw tooLong("blosc", limit) }
        var done: Int32 = -1
        let unpacked = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            done = bytes.withUnsafeBytes { blosc_decompress_ctx($0.baseAddress, target.baseAddress, count, 1) }
            filled = Swift.max(Int(done), 0)
        }
        guard Int(done) == count else {
            let library = bytes.withUnsafeBytes { blosc_cbuffer_complib($0.baseAddress) }
            throw damaged("blosc", "its library \(library.map { String(cString: $0) } ?? "") gives error \(done)")
        }
        return unpacked
    }

    private static func zstd(_ bytes: [UInt8], _ limit: Int) throws(VolumeError) -> [UInt8] {
        var status = 0
        let unpacked = [UInt8](unsafeUninitializedCapacity: limit) { target, filled in
            status = bytes.withUnsafeBytes { ZSTD_decompress(target.baseAddress, limit, $0.baseAddress, $0.count) }
            filled = ZSTD_isError(status) == 0 ? status : 0
        }
        guard ZSTD_isError(status) == 0 else { throw damaged("zstd", String(cString: ZSTD_getErrorName(status))) }
        return unpacked
    }

    /// A block of LZ4 behind four bytes of its unpacked size, as numcodecs has it.
    private static func lz4(_ bytes: [UInt8], _ limit: Int) throws(VolumeError) -> [UInt8] {
        guard bytes.count >= 4, let length = Int32(exactly: bytes.count - 4) else {
            throw damaged("lz4", "it has \(bytes.count) bytes")
        }
        let count = bytes[..<4].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard count <= limit, let room = Int32(exactly: count) else { throw tooLong("lz4", limit) }
        var done: Int32 = -1
        let unpacked = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            done = bytes.withUnsafeBytes { source in
                LZ4_decompress_safe(
                    source.baseAddress?.advanced(by: 4).assumingMemoryBound(to: CChar.self),
                    UnsafeMutableRawPointer(target.baseAddress)?.assumingMemoryBound(to: CChar.self), length, room)
            }
            filled = Swift.max(Int(done), 0)
        }
        guard Int(done) == count else { throw damaged("lz4", "it does not unpack to the \(count) bytes that it says") }
        return unpacked
    }

    /// Gzip or zlib.
    private static func inflated(_ bytes: [UInt8], _ limit: Int) throws(VolumeError) -> [UInt8] {
        guard let length = UInt32(exactly: bytes.count), let room = UInt32(exactly: limit + 1) else {
            throw tooLong("gzip", limit)
        }
        // It must not move, as zlib knows its address.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        guard inflateInit2_(stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .io("zlib could not be set up")
        }
        defer { inflateEnd(stream) }
        var status = Z_OK
        var bytes = bytes
        // One byte more than may come, to see whether it does.
        let unpacked = [UInt8](unsafeUninitializedCapacity: limit + 1) { target, filled in
            bytes.withUnsafeMutableBufferPointer { source in
                stream.pointee.next_in = source.baseAddress
                stream.pointee.avail_in = length
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = room
                repeat {
                    status = inflate(stream, Z_FINISH)
                    // A file of gzip may go on with another part.
                } while status == Z_STREAM_END && stream.pointee.avail_in > 0 && inflateReset(stream) == Z_OK
            }
            filled = limit + 1 - Int(stream.pointee.avail_out)
        }
        guard unpacked.count <= limit else { throw tooLong("gzip", limit) }
        guard status == Z_STREAM_END else {
            throw damaged("gzip", stream.pointee.msg.map { String(cString: $0) } ?? "it ends too early")
        }
        return unpacked
    }

    private static func unshuffled(_ bytes: [UInt8], _ size: Int) throws(VolumeError) -> [UInt8] {
        let count = bytes.count / size
        guard bytes.count == count * size else {
            throw damaged("shuffle", "its \(bytes.count) bytes are no multiple of \(size)")
        }
        return [UInt8](unsafeUninitializedCapacity: bytes.count) { target, filled in
            for byte in 0..<size {
                for index in 0..<count { target[index * size + byte] = bytes[byte * count + index] }
            }
            filled = bytes.count
        }
    }
}
