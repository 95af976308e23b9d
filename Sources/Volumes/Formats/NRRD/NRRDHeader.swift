/// The fields of an NRRD header by name, and the offset of the data.
struct NRRDHeader {
    static let magic = Array("NRRD000".utf8)

    private var fields: [String: String] = [:]
    /// What stands as `key:=value`, private to the writing program.
    private var pairs: [String: String] = [:]
    /// The byte after the empty line that ends the header.
    private(set) var offset = 0

    init(_ file: PackedFile) throws(VolumeError) {
        self = try file.header("NRRD", endingWith: "empty line at its end") { NRRDHeader($0) }
    }

    /// Parses the first bytes of a file; `nil` if the header does not end within them.
    private init?(_ start: [UInt8]) {
        var lines = HeaderLines(start)
        _ = lines.next()
        while true {
            guard let line = lines.next() else { return nil }
            if line.isEmpty { break }
            guard !line.hasPrefix("#"), let colon = line.firstIndex(of: ":") else { continue }
            let rest = line[line.index(after: colon)...]
            guard !rest.hasPrefix("=") else {
                pairs[String(line[..<colon])] = Self.unescaped(rest.dropFirst())
                continue
            }
            fields[line[..<colon].trimmed.lowercased()] = rest.trimmed
        }
        offset = lines.position
    }

    /// A field by any of its names.
    subscript(names: String...) -> String? { names.lazy.compactMap { fields[$0] }.first }

    /// The value of a key that the writing program chose.
    func pair(_ key: String) -> String? { pairs[key] }

    /// In values `\n` stands for a line break, and `\\` for the stroke.
    private static func unescaped(_ text: Substring) -> String {
        guard text.contains("\\") else { return String(text) }
        let parts = text.split(separator: "\\\\", omittingEmptySubsequences: false)
        return parts.map { $0.replacing("\\n", with: "\n") }.joined(separator: "\\")
    }

    /// A text as the value of a key; other control characters become blanks.
    static func escaped(_ text: String) -> String {
        let known = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return String(
            String.UnicodeScalarView(
                known.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }

    /// A field that every file must have.
    func required(_ name: String) throws(VolumeError) -> String {
        guard let value = fields[name] else { throw .malformed("the NRRD header has no field \"\(name)\"") }
        return value
    }

    /// The axes' sizes, fastest first.
    func sizes() throws(VolumeError) -> [Int] {
        let text = try required("sizes")
        let sizes = text.words.compactMap { Int($0) }
        guard let dimension = Int(try required("dimension")), sizes.count == dimension,
            sizes.count == text.words.count
        else {
            throw .malformed("the NRRD header's sizes \"\(text)\" are not as many whole numbers as \"dimension\" says")
        }
        return sizes
    }

    /// The quoted texts of a field, one per axis.
    func quoted(_ name: String) -> [String] {
        let parts = (fields[name] ?? "").split(separator: "\"", omittingEmptySubsequences: false)
        return parts.enumerated().compactMap { $0.offset % 2 == 1 ? String($0.element) : nil }
    }

    /// The numbers of a vector; some programs write one of NaN where others write "none".
    private static func vector(_ text: Substring) -> (numbers: [Double], isNone: Bool)? {
        if let numbers = text.numbers { return (numbers, numbers.isEmpty) }
        let isNone = text.split(separator: ",").allSatisfy { Double($0.trimmed)?.isNaN == true }
        return isNone ? ([], true) : nil
    }

    /// The vectors of "space directions", `nil` for an axis that has none.
    func directions() throws(VolumeError) -> [[Double]?]? {
        guard let text = fields["space directions"] else { return nil }
        var vectors: [[Double]?] = []
        var rest = text.trimmed[...]
        while let first = rest.first {
            if first == "(" {
                guard let end = rest.firstIndex(of: ")"),
                    let vector = Self.vector(rest[rest.index(after: rest.startIndex)..<end])
                else { throw .malformed("the NRRD header's space directions are not vectors of numbers: \(text)") }
                vectors.append(vector.isNone ? nil : vector.numbers)
                rest = rest[rest.index(after: end)...]
            } else {
                guard rest.hasPrefix("none") else {
                    throw .malformed("the NRRD header's space directions are neither vectors nor \"none\": \(text)")
                }
                vectors.append(nil)
                rest = rest.dropFirst(4)
            }
            rest = rest.drop(while: \.isWhitespace)
        }
        return vectors
    }
}
