internal import CZlib
internal import CZstd

/// A compression for responses, by its name in HTTP.
package enum ContentCoding: String, CaseIterable, Sendable {
    case zstd
    case gzip
}

/// Compresses bytes piece by piece, in bounded memory.
package final class StreamPacker {
    private enum Codec {
        case gzip(UnsafeMutablePointer<z_stream>)
        case zstd(OpaquePointer)
    }

    private let codec: Codec

    package init(_ coding: ContentCoding) throws(VolumeError) {
        switch coding {
        case .gzip:
            let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
            stream.initialize(to: z_stream())
            // The fastest level, and a window of 32 kB with gzip's frame around it.
            let status = deflateInit2_(
                stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size))
            guard status == Z_OK else {
                stream.deallocate()
                throw .io("zlib could not be set up (error \(status))")
            }
            codec = .gzip(stream)
        case .zstd:
            guard let context = ZSTD_createCCtx() else { throw .io("zstd could not be set up: out of memory") }
            ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1)
            codec = .zstd(context)
        }
    }

    deinit {
        switch codec {
        case .gzip(let stream):
            deflateEnd(stream)
            stream.deallocate()
        case .zstd(let context): ZSTD_freeCCtx(context)
        }
    }

    /// The compressed bytes that are ready after these, often none; with `isLast` all that remain.
    package func pack(_ bytes: [UInt8], isLast: Bool) throws(VolumeError) -> [UInt8] {
        switch codec {
        case .gzip(let stream): try deflated(bytes, isLast, stream)
        case .zstd(let context): try compressed(bytes, isLast, context)
        }
    }

    private func deflated(
        _ bytes: [UInt8], _ isLast: Bool, _ stream: UnsafeMutablePointer<z_stream>
    ) throws(VolumeError) -> [UInt8] {
        var packed: [UInt8] = []
        var status = Z_OK
        var bytes = bytes
        bytes.withUnsafeMutableBufferPointer { bytes in
            stream.pointee.next_in = bytes.baseAddress
            stream.pointee.avail_in = UInt32(bytes.count)
            repeat {
                let piece = [UInt8](unsafeUninitializedCapacity: Self.room) { buffer, count in
                    stream.pointee.next_out = buffer.baseAddress
                    stream.pointee.avail_out = UInt32(buffer.count)
                    status = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                    count = buffer.count - Int(stream.pointee.avail_out)
                }
                packed += piece
            } while status == Z_OK && stream.pointee.avail_out == 0
        }
        // `Z_BUF_ERROR` only says that there was nothing to do.
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
            throw .io("zlib failed (error \(status))")
        }
        return packed
    }

    private func compressed(
        _ bytes: [UInt8], _ isLast: Bool, _ context: OpaquePointer
    ) throws(VolumeError) -> [UInt8] {
        var packed: [UInt8] = []
        var left = 0
        bytes.withUnsafeBytes { bytes in
            var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
            repeat {
                let piece = [UInt8](unsafeUninitializedCapacity: Self.room) { buffer, count in
                    var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
                    left = ZSTD_compressStream2(context, &output, &input, isLast ? ZSTD_e_end : ZSTD_e_continue)
                    count = output.pos
                }
                packed += piece
            } while ZSTD_isError(left) == 0 && (input.pos < input.size || (isLast && left > 0))
        }
        guard ZSTD_isError(left) == 0 else { throw .io("zstd failed: \(String(cString: ZSTD_getErrorName(left)))") }
        return packed
    }

    private static let room = 65_536
}
