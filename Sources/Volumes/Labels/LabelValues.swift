/// What a text such as `0:unlabeled,1:cell,#ff0000:nucleus` says about the values and colours of a label file.
package struct LabelValues: Hashable, Sendable {
    /// Class indices, or 255 for unlabeled, by number.
    package private(set) var numbers: [Int64: UInt8] = [:]
    package private(set) var colors: [Color: UInt8] = [:]
    /// The class of transparent pixels, if the text has one.
    package private(set) var transparent: UInt8?

    /// Parses pairs of a number, a colour `#rrggbb` or `transparent`, and the name or index of a class or `unlabeled`;
    /// `classes` has `nil` where no class has the index.
    package init(_ text: String, classes: [String?]) throws(VolumeError) {
        for pair in Self.pairs(text) {
            let colon = pair.firstIndex(of: ":") ?? pair.startIndex
            let key = Self.trimmed(pair[..<colon])
            let name = Self.trimmed(pair[colon...].dropFirst())
            guard let value = Self.value(key) else {
                let example = classes.lazy.compactMap(\.self).first ?? "class"
                throw .unsupported(
                    "values must be pairs like 0:unlabeled,1:\(example) or #ff0000:\(example), not "
                        + "\"\(pair.prefix(80))\"")
            }
            guard let meaning = Self.index(of: name, in: classes) else {
                throw .unsupported(
                    "values: \"\(name.prefix(80))\" is not a class; the classes are "
                        + "\(Self.list(classes)) and unlabeled")
            }
            guard insert(meaning, for: value) else {
                throw .unsupported("values has \(key) twice; each value may occur once")
            }
        }
    }

    private enum Value {
        case number(Int64)
        case color(Color)
        case transparent
    }

    /// False if the value has a class already.
    private mutating func insert(_ meaning: UInt8, for value: Value) -> Bool {
        switch value {
        case .number(let number): return numbers.updateValue(meaning, forKey: number) == nil
        case .color(let color): return colors.updateValue(meaning, forKey: color) == nil
        case .transparent:
            defer { transparent = meaning }
            return transparent == nil
        }
    }

    /// The mapping of a file of numbers.
    package var mapping: LabelMapping { LabelMapping(numbers) }

    /// The mapping of colours as `Color.number`.
    package var colorMapping: LabelMapping {
        LabelMapping(Dictionary(uniqueKeysWithValues: colors.map { ($0.key.number, $0.value) }))
    }

    /// All that has a class, for messages.
    package var keys: String {
        let texts = numbers.keys.sorted().map(String.init) + colors.keys.map(\.hex).sorted()
        return (texts + (transparent == nil ? [] : ["transparent"])).joined(separator: ", ")
    }

    /// The classes with their indices, for messages.
    package static func list(_ classes: [String?]) -> String {
        let known = classes.enumerated().compactMap { index, name in name.map { "\(index) (\($0))" } }
        return known.prefix(20).joined(separator: ", ") + (known.count > 20 ? ", …" : "")
    }

    private static func value(_ key: String) -> Value? {
        if let number = Int64(key) { return .number(number) }
        if let color = Color(hex: key) { return .color(color) }
        return key == "transparent" ? .transparent : nil
    }

    private static func index(of name: String, in classes: [String?]) -> UInt8? {
        if let index = classes.firstIndex(of: name) { return UInt8(exactly: index) }
        if name == "unlabeled" { return AnnotatedSlice.unlabeled }
        guard let index = Int(name) else { return nil }
        if index == Int(AnnotatedSlice.unlabeled) { return AnnotatedSlice.unlabeled }
        return classes.indices.contains(index) && classes[index] != nil ? UInt8(exactly: index) : nil
    }

    /// Splits at commas followed by a value and a colon, since names of classes may contain commas.
    private static func pairs(_ text: String) -> [Substring] {
        var pairs: [Substring] = []
        var start = text.startIndex
        for comma in text.indices where text[comma] == "," {
            let next = text.index(after: comma)
            guard let colon = text[next...].firstIndex(of: ":"), value(trimmed(text[next..<colon])) != nil else {
                continue
            }
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
