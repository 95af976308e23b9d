internal import Foundation
internal import Volumes

/// A zip archive that is being written, whose files are not packed (APPNOTE 6.3, without ZIP64): less than 4 GiB in all.
struct StoredZip {
    private var body = Data()
    private var directory = Data()
    private var count = 0

    mutating func add(_ name: String, _ content: Data) {
        let start = body.count
        // Version 2.0, names in UTF-8, not packed, and as date the first one that there is: equal files, equal archives.
        var head = Data()
        head.append(little: 20, bytes: 2)
        head.append(little: 0x800, bytes: 2)
        head.append(little: 0, bytes: 2)
        head.append(little: 0x0021_0000, bytes: 4)
        head.append(little: Int(Checksum.crc32(content)), bytes: 4)
        head.append(little: content.count, bytes: 4)
        head.append(little: content.count, bytes: 4)
        head.append(little: name.utf8.count, bytes: 2)
        head.append(little: 0, bytes: 2)
        body.append(little: 0x0403_4b50, bytes: 4)
        body.append(head)
        body.append(contentsOf: name.utf8)
        body.append(content)
        directory.append(little: 0x0201_4b50, bytes: 4)
        directory.append(little: 20, bytes: 2)
        directory.append(head)
        // No comment, the first disk, no attributes.
        directory.append(Data(count: 10))
        directory.append(little: start, bytes: 4)
        directory.append(contentsOf: name.utf8)
        count += 1
    }

    /// The archive.
    var encoded: Data {
        var end = Data()
        end.append(little: 0x0605_4b50, bytes: 4)
        end.append(little: 0, bytes: 4)
        end.append(little: count, bytes: 2)
        end.append(little: count, bytes: 2)
        end.append(little: directory.count, bytes: 4)
        end.append(little: body.count, bytes: 4)
        end.append(little: 0, bytes: 2)
        return body + directory + end
    }
}

extension Data {
    /// Appends a whole number, its lowest byte first.
    fileprivate mutating func append(little number: Int, bytes count: Int) {
        for place in 0..<count { append(UInt8(truncatingIfNeeded: number >> (8 * place))) }
    }
}
