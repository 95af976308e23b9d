internal import HTTP
internal import Store
internal import Volumes

/// How a file of labels is read: the class of each of its values, and what these are to its sender.
struct LabelReading {
    enum Sense {
        case numbers
        /// Gray values that are stored as colours.
        case grays
        case colors
        /// Indices of a palette by whose colours the classes go.
        case palette([Color?])
        /// Segments, by their names.
        case segments([LabelSegment])
    }

    var mapping: LabelMapping
    let sense: Sense
    /// Why that may not be what was meant.
    var doubt: HTTPError?
}

extension ClassMapping {
    /// `found` are the values that occur, in order, `nil` if they are very many or not known; `what` names the labels.
    func reading(of kind: LabelPicture.Kind, _ found: [Double]?, in what: String) throws(HTTPError) -> LabelReading {
        switch kind {
        case .numbers, .translucent:
            if let values, values.numbers.isEmpty, !values.colors.isEmpty {
                throw .invalid(
                    "\(what) has gray values, and values= names colours; name the values: \(remedy([0, 255]))",
                    field: "values")
            }
            guard kind == .translucent else { return numbers(found, what) }
            var reading = numbers(found?.filter { $0 != Double(Color.transparent) }, what)
            reading.mapping = reading.mapping.with(transparent: transparent)
            return reading
        case .indices(let palette):
            guard let values else { return indices(found, palette, what) }
            let isColored = !values.colors.isEmpty || values.transparent != nil && values.numbers.isEmpty
            guard isColored else { return numbers(found, what) }
            return LabelReading(mapping: colors(values).indices(of: palette), sense: .palette(palette))
        case .colors: return try colors(found, what)
        case .segments(let segments): return try segmented(segments, found, what)
        }
    }

    /// Segments go by their names, unless `values=` says which class each number is; 0 is no segment.
    private func segmented(
        _ segments: [LabelSegment], _ found: [Double]?, _ what: String
    ) throws(HTTPError) -> LabelReading {
        guard values == nil else {
            guard !segments.contains(where: \.isCounted) else {
                throw .invalid(
                    "\(what) has layers in which one number is several segments, so that values= can't say which is "
                        + "meant: leave values= out, and give the segments the names of classes: \(list)",
                    field: "values")
            }
            return numbers(found, what)
        }
        var classes: [Int64: UInt8] = [0: AnnotatedSlice.unlabeled]
        for (number, several) in Dictionary(grouping: segments, by: \.value) {
            // A number of several segments is a class if that is the name of all of them.
            let named = Set(several.map { segment in known.first { $0.record.name == segment.name }?.value })
            classes[number] = named.count == 1 ? named.first ?? nil : nil
        }
        return LabelReading(mapping: LabelMapping(classes), sense: .segments(segments))
    }

    private func numbers(_ found: [Double]?, _ what: String) -> LabelReading {
        LabelReading(
            mapping: labels, sense: .numbers, doubt: found.flatMap { maskDoubt($0, in: what) })
    }

    /// Indices are classes, unless the palette's colours are those of classes and say otherwise.
    private func indices(_ found: [Double]?, _ palette: [Color?], _ what: String) -> LabelReading {
        let colored = classColors.with(transparent: AnnotatedSlice.unlabeled).indices(of: palette)
        let indexed = numbers(found, what)
        let found = (found ?? []).map { Int64($0) }
        let isColored = found.allSatisfy { colored.classes[$0] != nil }
        guard found.allSatisfy({ indexed.mapping.classes[$0] != nil }) else {
            return isColored ? LabelReading(mapping: colored, sense: .palette(palette)) : indexed
        }
        // A palette like that of our own slices: what is unlabeled is transparent.
        if palette.count == 256, palette[255] == nil { return LabelReading(mapping: indexed.mapping, sense: .numbers) }
        var reading = indexed
        if isColored, found.contains(where: { colored.classes[$0] != indexed.mapping.classes[$0] }) {
            reading.doubt = .invalid(
                "the palette of \(what) has the classes' colours in another order: its indices and its colours "
                    + "name different classes. If the colours count, send \(colorRemedy(classColors)); if the "
                    + "indices do, send values=\(pairs)",
                field: "values")
        } else if Array(palette.prefix(2)) == [.white, .black], found.allSatisfy({ $0 < 2 }), !isColored,
            known.count > 1
        {
            let first = known.first?.record.name ?? "class"
            reading.doubt = .invalid(
                "in \(what) 0 is shown white and 1 black, and programs differ in which of the two they count: if the "
                    + "numbers count, send values=0:\(first),1:\(second); if white is \(second), send "
                    + "values=#000000:\(first),#ffffff:\(second)",
                field: "values")
        }
        return reading
    }

    private func colors(_ found: [Double]?, _ what: String) throws(HTTPError) -> LabelReading {
        let found = found?.map { Int64($0) }
        let isGray = found?.allSatisfy { number in
            number == Color.transparent || number >> 16 == number & 255 && number >> 16 == number >> 8 & 255
        }
        var grays: LabelReading {
            let gray = found?.filter { $0 != Color.transparent }.map { Double($0 & 255) }
            let reading = numbers(gray, what)
            return LabelReading(
                mapping: reading.mapping.grays.with(transparent: transparent), sense: .grays, doubt: reading.doubt)
        }
        guard let values else {
            let mapping = classColors.with(transparent: AnnotatedSlice.unlabeled)
            let isColored = found?.allSatisfy { mapping.classes[$0] != nil } ?? false
            return isGray == true && !isColored ? grays : LabelReading(mapping: mapping, sense: .colors)
        }
        guard values.colors.isEmpty, !values.numbers.isEmpty else {
            return LabelReading(mapping: colors(values), sense: .colors)
        }
        guard isGray == true else {
            throw .invalid(
                "\(what) has colours, and values= names numbers; name the colours: \(colorRemedy(nil))",
                field: "values")
        }
        return grays
    }

    /// The error for a value that has no class; `place` says where it was found.
    func unmapped(
        _ value: Double, at place: String, by reading: LabelReading, among found: [Double]?
    ) -> HTTPError {
        switch reading.sense {
        case .numbers: return unmappedValue(of: value, at: place, among: found)
        case .grays:
            let grays = found?.filter { $0 != Double(Color.transparent) }.map { Double(Int64($0) & 255) }
            return unmappedValue(of: Double(Int64(value) & 255), at: place, among: grays)
        case .colors: return unmappedColor(Color(number: Int64(value)), at: place, isMany: found == nil)
        case .palette(let palette):
            guard let index = Int(exactly: value), palette.indices.contains(index) else {
                return .malformed(
                    "the palette has \(palette.count) colours; there is another index at \(place)", field: "body")
            }
            return unmappedColor(palette[index], at: place, isMany: false)
        case .segments(let segments):
            let names = segments.filter { Double($0.value) == value }.map { "\"\($0.name.prefix(80))\"" }
            let number = Int64(exactly: value).map(String.init) ?? String(value)
            let which =
                switch names.count {
                case 0: "the value \(number)"
                case 1: "the segment \(names[0]) (\(number))"
                default:
                    "the value \(number), which is several segments (\(names.prefix(3).joined(separator: ", "))"
                        + (names.count > 3 ? ", …)," : "),")
                }
            let values = Set(segments.map(\.value)).filter { $0 != 0 }.sorted().prefix(3)
            let example = values.map { "\($0):\(second)" }.joined(separator: ",")
            let remedy =
                segments.contains { $0.isCounted }
                ? "" : ", or say which class each is, as in values=0:unlabeled,\(example)"
            return .invalid(
                "\(which) at \(place) is not a class: segments go by their names, and the classes are "
                    + "\(list); rename the segments\(remedy); the segments are \(segments.list)", field: "values")
        }
    }

    private func unmappedColor(_ color: Color?, at place: String, isMany: Bool) -> HTTPError {
        let text = color?.hex ?? "transparent"
        let allowed =
            if let values {
                "values= says what \(values.keys) are"
            } else {
                "values=\(text):\(second) says which it is; the classes' colours are "
                    + known.map { "\($0.record.color) (\($0.record.name))" }.joined(separator: ", ")
            }
        let many = isMany ? "; there are more than \(LabelPicture.mostValues) colours, as in photographs" : ""
        return .invalid("the colour \(text) at \(place) is that of no class: \(allowed)\(many)", field: "values")
    }

    /// The class of what is transparent.
    private var transparent: UInt8 { values?.transparent ?? AnnotatedSlice.unlabeled }

    private func colors(_ values: LabelValues) -> LabelMapping { values.colorMapping.with(transparent: transparent) }

    /// Classes by their colours, those left out that several classes have.
    private var classColors: LabelMapping {
        var known: [Int64: UInt8] = [:]
        var isTaken: Set<Int64> = []
        for (value, record) in self.known {
            guard let number = Color(hex: record.color)?.number else { continue }
            known[number] = isTaken.insert(number).inserted ? value : nil
        }
        return LabelMapping(known)
    }

    private var pairs: String {
        known.map { "\($0.value):\($0.record.name)" }.joined(separator: ",")
    }

    private func colorRemedy(_ mapping: LabelMapping?) -> String {
        guard mapping != nil else { return "values=#ff0000:\(second)" }
        return "values=" + known.map { "\($0.record.color):\($0.record.name)" }.joined(separator: ",")
    }
}
