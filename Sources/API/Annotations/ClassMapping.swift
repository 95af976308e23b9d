internal import HTTP
internal import Volumes

/// The meaning of a label file's values: class indices, or what `values=0:unlabeled,1:inside tubule` says.
struct ClassMapping: Hashable, Sendable {
    /// The project's classes in order.
    let classes: [String]
    /// Class index, or 255, by file value; nil if values are class indices themselves.
    private let table: [Int64: UInt8]?

    init(classes: [String]) {
        self.classes = classes
        table = nil
    }

    /// Parses the query's `values=`: pairs of a value and the name of a class, or `unlabeled`.
    init(classes: [String], values text: String?) throws(HTTPError) {
        self.classes = classes
        guard let text else {
            table = nil
            return
        }
        var table: [Int64: UInt8] = [:]
        for pair in Self.pairs(text) {
            guard let colon = pair.firstIndex(of: ":"), let value = Int64(Self.trimmed(pair[..<colon])) else {
                throw HTTPError.invalid(
                    "values must be pairs like 0:unlabeled,1:\(classes.first ?? "class"), not "
                        + "\"\(pair.prefix(80))\"",
                    field: "values")
            }
            let name = Self.trimmed(pair[pair.index(after: colon)...])
            guard let meaning = Self.index(of: name, in: classes) else {
                throw HTTPError.invalid(
                    "values: \"\(name.prefix(80))\" is not a class of this project; the classes are "
                        + "\(Self.list(classes)) and unlabeled",
                    field: "values")
            }
            guard table.updateValue(meaning, forKey: value) == nil else {
                throw HTTPError.invalid("values has \(value) twice; each value may occur once", field: "values")
            }
        }
        self.table = table
    }

    /// The mapping in the form that readers of label files take.
    var labels: LabelMapping { table.map { LabelMapping($0) } ?? LabelMapping(classCount: classes.count) }

    /// The error for a value that is not a class; `place` says where it was found.
    func unmappedValue(of value: Double, at place: String) -> HTTPError {
        let text = Int64(exactly: value).map(String.init) ?? String(value)
        let allowed =
            if let table {
                "values= says what \(table.keys.sorted().map(String.init).joined(separator: ", ")) are"
            } else {
                "the classes are \(Self.list(classes)), and 255 is unlabeled; values= maps other values"
            }
        return .invalid("the value \(text) at \(place) is not a class: \(allowed)", field: "values")
    }

    private static func index(of name: String, in classes: [String]) -> UInt8? {
        if let index = classes.firstIndex(of: name) { return UInt8(index) }
        if name == "unlabeled" { return AnnotatedSlice.unlabeled }
        guard let index = Int(name) else { return nil }
        if index == Int(AnnotatedSlice.unlabeled) { return AnnotatedSlice.unlabeled }
        return classes.indices.contains(index) ? UInt8(index) : nil
    }

    private static func list(_ classes: [String]) -> String {
        classes.enumerated().map { "\($0.offset) (\($0.element))" }.joined(separator: ", ")
    }

    /// Splits at commas followed by a number and a colon, since names of classes may contain commas.
    private static func pairs(_ text: String) -> [Substring] {
        var pairs: [Substring] = []
        var start = text.startIndex
        for comma in text.indices where text[comma] == "," {
            let next = text.index(after: comma)
            let digits = text[next...].drop { $0 == " " || $0 == "-" }
            let rest = digits.drop { $0.isASCII && $0.isNumber }
            guard rest.first == ":", rest.startIndex != digits.startIndex else { continue }
            pairs.append(text[start..<comma])
            start = next
        }
        pairs.append(text[start...])
        return pairs
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

extension ClassMapping {
    /// Maps a slice's values to class indices.
    func classes(of values: [UInt8], columns: Int) throws -> [UInt8] {
        do throws(VolumeError) {
            return try labels(values, columns: columns)
        } catch {
            guard case .unmappedLabel(let value, let pixel) = error else { throw error }
            throw unmappedValue(of: value, at: "row \(pixel.y), column \(pixel.x)")
        }
    }
}
