/// The fields of a JSON object, taken one by one; what is left over is an error, so that a misspelt key never passes.
struct StrictFields {
    /// The path of the object, "" for the outermost.
    let path: String
    private var rest: [String: JSONValue]
    private var known: [String] = []

    init(_ value: JSONValue, path: String = "") throws(TrainingError) {
        guard case .object(let fields) = value else {
            throw .invalid(field: path.isEmpty ? "body" : path, detail: "is \(value.kind); an object is expected")
        }
        self.path = path
        rest = fields
    }

    /// The full name of a key.
    func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The value of a key if it is there.
    mutating func take(_ key: String) -> JSONValue? {
        known.append(key)
        return rest.removeValue(forKey: key)
    }

    /// An error about a key.
    func wrong(_ key: String, _ value: JSONValue, expected: String) -> TrainingError {
        .invalid(field: name(key), detail: "is \(value.kind); \(expected) is expected")
    }

    /// A whole number; `word` is what else may stand there, for messages.
    mutating func integer(
        _ key: String, in range: ClosedRange<Int>, or word: String? = nil
    ) throws(TrainingError) -> Int? {
        guard let value = take(key) else { return nil }
        let other = word.map { " or \"\($0)\"" } ?? ""
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)\(other)"
        guard case .number(let number) = value else { throw wrong(key, value, expected: expected) }
        guard let whole = Int(exactly: number), range.contains(whole) else {
            throw .invalid(field: name(key), detail: "is \(number); \(expected) is expected")
        }
        return whole
    }

    /// A whole number, or nil where `null` or `false` is written; the default where the key is missing.
    mutating func optional(
        _ key: String, in range: ClosedRange<Int>, default fallback: Int?
    ) throws(TrainingError) -> Int? {
        if rest[key] == .null || rest[key] == .bool(false) {
            _ = take(key)
            return nil
        }
        return try integer(key, in: range) ?? fallback
    }

    mutating func number(_ key: String, in range: ClosedRange<Double>) throws(TrainingError) -> Double? {
        guard let value = take(key) else { return nil }
        return try number(value, key, in: range)
    }

    /// A number that a key holds itself or in its array.
    func number(_ value: JSONValue, _ key: String, in range: ClosedRange<Double>) throws(TrainingError) -> Double {
        let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
        guard case .number(let number) = value else { throw wrong(key, value, expected: expected) }
        guard range.contains(number) else {
            throw .invalid(field: name(key), detail: "is \(number); \(expected) is expected")
        }
        return number
    }

    /// One of the names of an enumeration.
    mutating func choice<Value: RawRepresentable & CaseIterable>(_ key: String) throws(TrainingError) -> Value?
    where Value.RawValue == String {
        guard let value = take(key) else { return nil }
        return try choice(value, key)
    }

    /// The same of a value at hand; `words` are what else may stand there, for messages.
    func choice<Value: RawRepresentable & CaseIterable>(
        _ value: JSONValue, _ key: String, or words: [String] = []
    ) throws(TrainingError) -> Value
    where Value.RawValue == String {
        if case .string(let text) = value, let choice = Value(rawValue: text) { return choice }
        let names = (Value.allCases.map(\.rawValue) + words).map { "\"\($0)\"" }.joined(separator: ", ")
        throw wrong(key, value, expected: "one of \(names)")
    }

    /// One of the names of an enumeration or the word "auto".
    mutating func choiceSetting<Value: RawRepresentable & CaseIterable>(
        _ key: String
    ) throws(TrainingError) -> AutoOrFixed<Value>? where Value.RawValue == String {
        guard let value = take(key) else { return nil }
        if value == .string("auto") { return .auto }
        return .fixed(try choice(value, key, or: ["auto"]))
    }

    /// A whole number or the word "auto".
    mutating func setting(_ key: String, in range: ClosedRange<Int>) throws(TrainingError) -> AutoOrFixed<Int>? {
        if case .string("auto") = rest[key] {
            _ = take(key)
            return .auto
        }
        return try integer(key, in: range, or: "auto").map { .fixed($0) }
    }

    /// Refuses keys that nobody took.
    func finish() throws(TrainingError) {
        guard let unknownKey = rest.keys.sorted().first else { return }
        let names = known.sorted().joined(separator: ", ")
        throw .invalid(field: name(unknownKey), detail: "is not known here; known are \(names)")
    }
}
