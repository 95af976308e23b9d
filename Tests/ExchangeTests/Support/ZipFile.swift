import Foundation

/// A zip archive of files that are not packed, read back by its directory.
struct ZipFile {
    private(set) var files: [String: Data] = [:]
    /// The order in which the directory names them.
    private(set) var names: [String] = []

    init(_ archive: Data) {
        let bytes = [UInt8](archive)
        func number(_ place: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
        }
        let end = bytes.count - 22
        guard end >= 0, number(end, 4) == 0x0605_4b50 else { return }
        var place = number(end + 16, 4)
        for _ in 0..<number(end + 10, 2) where number(place, 4) == 0x0201_4b50 {
            let length = number(place + 28, 2), size = number(place + 24, 4), start = number(place + 42, 4)
            let name = String(decoding: bytes[place + 46..<place + 46 + length], as: UTF8.self)
            let content = start + 30 + number(start + 26, 2) + number(start + 28, 2)
            names.append(name)
            files[name] = Data(bytes[content..<content + size])
            place += 46 + length + number(place + 30, 2) + number(place + 32, 2)
        }
    }
}
