internal import HTTP
internal import Store
internal import Volumes

extension ClassMapping {
    /// Maps a slice's numbers, indices or colours to classes; `what` names the slice in messages.
    func labels(of picture: LabelPicture, in what: String) throws -> PictureLabels {
        switch picture.kind {
        case .numbers, .translucent:
            if let values, values.numbers.isEmpty, !values.colors.isEmpty {
                throw HTTPError.invalid(
                    "\(what) has gray values, and values= names colours; name the values: \(remedy([0, 255]))",
                    field: "values")
            }
            return try labels(ofNumbers: picture, what)
        case .indices(let palette):
            guard values == nil else {
                let isColored =
                    values.map { !$0.colors.isEmpty || $0.transparent != nil && $0.numbers.isEmpty } ?? false
                return isColored
                    ? try labels(ofColors: try picture.colored(), by: values?.colorMapping)
                    : try labels(ofNumbers: picture, what)
            }
            return try labels(ofIndices: picture, palette, what)
        case .colors:
            if let values, values.colors.isEmpty, !values.numbers.isEmpty {
                guard let gray = try picture.grayed() else {
                    throw HTTPError.invalid(
                        "\(what) has colours, and values= names numbers; name the colours: \(colorRemedy(nil))",
                        field: "values")
                }
                return try labels(ofNumbers: gray, what)
            }
            if values != nil { return try labels(ofColors: picture, by: values?.colorMapping) }
            if let labels = try? labels(ofColors: picture, by: classColors) { return labels }
            guard let gray = try picture.grayed() else { return try labels(ofColors: picture, by: classColors) }
            return try labels(ofNumbers: gray, what)
        }
    }

    private func labels(ofNumbers picture: LabelPicture, _ what: String) throws -> PictureLabels {
        let found = try picture.distinctValues()?.filter { $0 != Double(Color.transparent) || picture.kind == .numbers }
        do {
            let labels = try picture.labels(by: labels, transparent: values?.transparent ?? AnnotatedSlice.unlabeled)
            return PictureLabels(labels: labels, doubt: found.flatMap { maskDoubt($0, in: what) })
        } catch VolumeError.unmappedLabel(let value, let pixel) {
            throw unmappedValue(of: value, at: "row \(pixel.y), column \(pixel.x)", among: found)
        }
    }

    /// Indices are classes, unless the palette's colours are those of classes and say otherwise.
    private func labels(ofIndices picture: LabelPicture, _ palette: [Color?], _ what: String) throws -> PictureLabels {
        let colored = try? labels(ofColors: try picture.colored(), by: classColors).labels
        // A palette like that of our own slices: what is unlabeled is transparent.
        let isCertain = palette.count == 256 && palette[255] == nil
        do {
            var indexed = try labels(ofNumbers: picture, what)
            if isCertain { indexed.doubt = nil }
            guard let colored, !isCertain, colored != indexed.labels else { return indexed }
            return PictureLabels(
                labels: indexed.labels,
                doubt: .invalid(
                    "the palette of \(what) has the classes' colours in another order: its indices and its colours "
                        + "name different classes. If the colours count, send \(colorRemedy(classColors)); if the "
                        + "indices do, send values=\(pairs)",
                    field: "values"))
        } catch {
            guard let colored else { throw error }
            return PictureLabels(labels: colored)
        }
    }

    private func labels(ofColors picture: LabelPicture, by mapping: LabelMapping?) throws -> PictureLabels {
        do {
            let mapping = mapping ?? LabelMapping([:])
            return PictureLabels(
                labels: try picture.labels(
                    by: mapping, transparent: values?.transparent ?? AnnotatedSlice.unlabeled))
        } catch VolumeError.unmappedLabel(let value, let pixel) {
            let color = Color(number: Int64(value))?.hex ?? "?"
            let allowed =
                if let values {
                    "values= says what \(values.keys) are"
                } else {
                    "values=\(color):\(second) says which it is; the classes' colours are "
                        + known.map { "\($0.record.color) (\($0.record.name))" }.joined(separator: ", ")
                }
            let many = try picture.distinctValues() == nil ? "; there are more than 256 colours, as in photographs" : ""
            throw HTTPError.invalid(
                "the colour \(color) at row \(pixel.y), column \(pixel.x) is that of no class: \(allowed)\(many)",
                field: "values")
        }
    }

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
