package import Foundation

/// A zip archive made by hand, to be wrong in one place at a time; its files are not compressed.
package struct ZipSample {
    package struct File {
        package var name: String
        package var bytes: [UInt8]
        /// Bit 0 says that it is encrypted, bit 11 that its name is UTF-8.
        package var flags = 1 << 11
        /// 0 for bytes as they are, 8 for deflate.
        package var method = 0
        /// What the archive says instead of what is there.
        package var size: Int?
        package var checksum: UInt32?
    }

    package var files: [File] = []

    package init(_ files: [(String, [UInt8])] = []) {
        self.files = files.map { File(name: $0.0, bytes: $0.1) }
    }

    /// Every file of a folder, by its path below that.
    package init(folder: URL) throws {
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() {
            let url = folder.appending(path: path)
            guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            files.append(File(name: path, bytes: [UInt8](try Data(contentsOf: url))))
        }
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        var list: [UInt8] = []
        for file in files {
            let name = Array(file.name.utf8)
            let facts =
                Self.number(file.flags, 2) + Self.number(file.method, 2) + [0, 0, 0x21, 0]
                + Self.number(Int(file.checksum ?? Self.checksum(file.bytes)), 4) + Self.number(file.bytes.count, 4)
                + Self.number(file.size ?? file.bytes.count, 4) + Self.number(name.count, 2) + [0, 0]
            list +=
                [0x50, 0x4b, 1, 2, 20, 3, 20, 0] + facts + [UInt8](repeating: 0, count: 10)
                + Self.number(bytes.count, 4)
                + name
            bytes += [0x50, 0x4b, 3, 4, 20, 0] + facts + name + file.bytes
        }
        let end =
            [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + Self.number(files.count, 2) + Self.number(files.count, 2)
            + Self.number(list.count, 4) + Self.number(bytes.count, 4) + [0, 0]
        return bytes + list + end
    }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xedb8_8320 }
    }

    /// CRC-32.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
    }
}
