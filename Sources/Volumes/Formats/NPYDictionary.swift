/// A parser of the Python expression in an NPY header: a dictionary of strings, Booleans and tuples of sizes.
struct NPYDictionary {
    struct Entries {
        var text: [String: String] = [:]
        var flags: [String: Bool] = [:]
        var shapes: [String: [Int]] = [:]
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func parse() throws(VolumeError) -> Entries {
        var entries = Entries()
        try expect("{")
        while !take("}") {
            let key = try string()
            try expect(":")
            switch peek() {
            case UInt8(ascii: "'"), UInt8(ascii: "\""): entries.text[key] = try string()
            case UInt8(ascii: "("): entries.shapes[key] = try tuple()
            case UInt8(ascii: "["):
                throw .unsupported("the NPY file holds records with named fields; only plain numbers are supported")
            default: entries.flags[key] = try flag()
            }
            if !take(",") {
                try expect("}")
                break
            }
        }
        return entries
    }

    private mutating func peek() -> UInt8? {
        while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
        return position < bytes.count ? bytes[position] : nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(VolumeError) {
        guard take(character) else {
            throw .malformed("the NPY header is not a dictionary: \"\(character)\" is missing at its byte \(position)")
        }
    }

    private mutating func string() throws(VolumeError) -> String {
        guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            throw .malformed("the NPY header is not a dictionary: a name is missing at its byte \(position)")
        }
        let rest = bytes[(position + 1)...]
        guard let end = rest.firstIndex(of: quote) else { throw .malformed("a text in the NPY header does not end") }
        position = end + 1
        return String(decoding: rest[..<end], as: UTF8.self)
    }

    private mutating func flag() throws(VolumeError) -> Bool {
        _ = peek()
        for (word, value) in [("True", true), ("False", false)]
        where bytes[position...].starts(with: Array(word.utf8)) {
            position += word.utf8.count
            return value
        }
        throw .malformed("the NPY header has neither True nor False at its byte \(position)")
    }

    private mutating func tuple() throws(VolumeError) -> [Int] {
        var sizes: [Int] = []
        try expect("(")
        while !take(")") {
            sizes.append(try size())
            guard sizes.count <= 32 else { throw .malformed("the NPY header's shape has more than 32 axes") }
            if !take(",") {
                try expect(")")
                break
            }
        }
        return sizes
    }

    private mutating func size() throws(VolumeError) -> Int {
        _ = peek()
        let digits = bytes[position...].prefix { (0x30...0x39).contains($0) || $0 == 0x2d }
        guard let size = Int(String(decoding: digits, as: UTF8.self)), size >= 0 else {
            throw .malformed("the NPY header's shape has no valid size at its byte \(position)")
        }
        position += digits.count
        // Python 2 wrote large sizes with a trailing L.
        _ = take("L")
        return size
    }
}
