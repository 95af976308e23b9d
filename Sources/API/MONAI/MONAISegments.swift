internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// What the values of a label file from a client of MONAI Label mean, by `label_info`: a list of names with values.
///
/// 3D Slicer numbers the segments of its files from 1, but counts those it leaves out in `idx`; then their order tells.
struct MONAISegments: Sendable {
    /// What 0 is.
    enum Ground: Hashable, Sendable {
        /// A class, everywhere.
        case labelled(UInt8)
        case unlabeled
        /// A class in the slices that have a segment, which are taken as annotated whole; unlabeled elsewhere.
        case aroundSegments(UInt8)
    }

    private struct Entry {
        var name: String
        /// The value that it is said to have.
        var value: Int
        /// A class's index, 255 for unlabeled.
        var label: UInt8
    }

    /// Class indices by value; 0 is not among them.
    let labels: [Int64: UInt8]
    let ground: Ground
    /// Why they may not be what was meant: a mask of 0 and 255 without names.
    let doubt: HTTPError?

    /// Names of segments of whose voxels nothing is said.
    private static let unlabeled: Set<String> = ["unlabeled", "ignore"]

    /// From the values of a file to what `GroundedLabels` takes.
    var mapping: LabelMapping {
        let painted = labels.mapValues { $0 == AnnotatedSlice.unlabeled ? GroundedLabels.silent : $0 }
        return LabelMapping(painted.merging([0: AnnotatedSlice.unlabeled]) { $1 })
    }

    /// `found` are the values of the file, in order.
    init(_ parameters: JSONValue, _ known: MONAILabels, found: [Double]) throws(HTTPError) {
        // As labels are read, the rounding of a file's scaling aside.
        let found = found.map { abs($0 - $0.rounded()) <= 1e-3 ? $0.rounded() : $0 }
        let entries = try Self.entries(parameters["label_info"], known)
        let isFromSlicer = parameters["model"] != .null
        let named =
            try entries.map { entries throws(HTTPError) in try Self.labels(entries, isFromSlicer, found, known) }
            ?? Self.values(of: known)
        labels = named.filter { $0.key != 0 }
        if let first = found.first(where: { Int64(exactly: $0).map { $0 != 0 && named[$0] == nil } ?? true }) {
            throw Self.unknown(first, entries != nil, known)
        }
        let painted = found.filter { $0 != 0 }.compactMap { value in Int64(exactly: value).flatMap { named[$0] } }
        // A file that says what is unlabeled, as ours do, means what it says of 0.
        let isTold = entries != nil || found.contains(Double(AnnotatedSlice.unlabeled))
        ground = Self.ground(named: isTold ? named[0] : nil, known, painted: Set(painted))
        doubt = entries == nil ? Self.maskDoubt(found, known) : nil
    }

    /// Of a segmentation of 3D Slicer, whose segments have names; what `label_info` counts is another matter.
    init(_ segments: [LabelSegment], _ known: MONAILabels, found: [Double]) throws(HTTPError) {
        var labels: [Int64: UInt8] = [:]
        for value in found where value != 0 {
            let named = Int64(exactly: value).map { number in segments.filter { $0.value == number } } ?? []
            var meant: Set<UInt8> = []
            for segment in named { meant.insert(try Self.label(of: segment.name, known, field: "label")) }
            guard let label = meant.first, let number = named.first?.value, meant.count == 1 else {
                let names = named.map { "\"\($0.name.prefix(80))\"" }.joined(separator: ", ")
                throw .invalid(
                    "the label file has voxels of the number \(Int64(exactly: value).map(String.init) ?? "\(value)"), which is "
                        + (named.isEmpty
                            ? "no segment's" : "that of several segments, \(names): save it anew in 3D Slicer"),
                    field: "label")
            }
            labels[number] = label
        }
        self.labels = labels
        ground = Self.ground(named: nil, known, painted: Set(labels.values))
        doubt = nil
    }

    private static func maskDoubt(_ found: [Double], _ known: MONAILabels) -> HTTPError? {
        let unlabeled = Double(AnnotatedSlice.unlabeled)
        guard found == [0, unlabeled] || found == [unlabeled], let name = known.painted.first else { return nil }
        let ground = "{\"name\": \"\(known.background == nil ? "unlabeled" : MONAILabels.background)\", \"idx\": 0}"
        return .invalid(
            "the label file holds only \(found.count > 1 ? "0 and 255, as masks of two classes do" : "255"), and 255 means "
                + "unlabeled here: if it is \(name), send label_info [\(ground), {\"name\": \"\(name)\", \"idx\": 255}]; if "
                + "it is unlabeled, send [\(ground), {\"name\": \"unlabeled\", \"idx\": 255}]", field: "label_info")
    }

    /// `painted` are the labels that occur.
    private static func ground(named zero: UInt8?, _ known: MONAILabels, painted: Set<UInt8>) -> Ground {
        if let zero { return zero == AnnotatedSlice.unlabeled ? .unlabeled : .labelled(zero) }
        guard let background = known.background.map({ UInt8($0) }) else { return .unlabeled }
        return painted.contains(background) ? .unlabeled : .aroundSegments(background)
    }

    /// The values in which we hand out labels.
    private static func values(of known: MONAILabels) -> [Int64: UInt8] {
        var labels: [Int64: UInt8] = [Int64(AnnotatedSlice.unlabeled): AnnotatedSlice.unlabeled]
        for (index, record) in known.classes.enumerated() where !record.isRemoved {
            labels[Int64(known.value(of: index))] = UInt8(index)
        }
        return labels
    }

    /// `nil` if there is no list.
    private static func entries(_ info: JSONValue, _ known: MONAILabels) throws(HTTPError) -> [Entry]? {
        if info == .null { return nil }
        let example = "[{\"name\": \"\(known.painted.first ?? "cell")\", \"idx\": 1}]"
        guard case .array(let list) = info else {
            throw .invalid("label_info has to be a list like \(example), not \(info.kind)", field: "label_info")
        }
        var entries: [Entry] = []
        for (place, item) in list.enumerated() {
            guard case .string(let name) = item["name"] else {
                throw .invalid(
                    "label_info has an entry without a name; it is a list like \(example)", field: "label_info")
            }
            let value = item["idx"] == .null ? Double(place + 1) : item["idx"].numeric ?? -1
            guard let value = Int(exactly: value), (0...65_535).contains(value) else {
                throw .invalid("the idx of \"\(name.prefix(80))\" has to be a value of the file", field: "label_info")
            }
            guard !entries.contains(where: { $0.value == value }) else {
                throw .invalid("label_info gives the value \(value) to two names", field: "label_info")
            }
            entries.append(Entry(name: name, value: value, label: try label(of: name, known)))
        }
        return entries
    }

    private static func label(
        of name: String, _ known: MONAILabels, field: String = "label_info"
    ) throws(HTTPError) -> UInt8 {
        if let index = known.index(of: name) { return UInt8(index) }
        if unlabeled.contains(name) { return AnnotatedSlice.unlabeled }
        let names = known.classes.filter { !$0.isRemoved }.map { "\"\($0.name)\"" }.joined(separator: ", ")
        throw .invalid(
            "\"\(name.prefix(80))\" is not a class of this project; its classes are \(names). Rename the segment, "
                + "remove it, or add the class to the project; a segment \"unlabeled\" says nothing about its voxels",
            field: field)
    }

    /// The label of each value, by the values that are told or by the order of the names.
    private static func labels(
        _ entries: [Entry], _ isFromSlicer: Bool, _ found: [Double], _ known: MONAILabels
    ) throws(HTTPError) -> [Int64: UInt8] {
        let told = Dictionary(uniqueKeysWithValues: entries.map { (Int64($0.value), $0.label) })
        let values = entries.map(\.value)
        let mayBeInOrder = isFromSlicer && values == values.sorted() && values.first ?? 0 > 0
        guard mayBeInOrder, values != Array(1...max(values.count, 1)) else { return told }
        let ordered = Dictionary(
            uniqueKeysWithValues: entries.enumerated().map { (Int64($0.offset + 1), $0.element.label) })
        let painted = found.compactMap { Int64(exactly: $0) }.filter { $0 != 0 }
        let fits = { (labels: [Int64: UInt8]) in painted.allSatisfy { labels[$0] != nil } }
        guard fits(ordered) else { return told }
        guard fits(told), painted.contains(where: { told[$0] != ordered[$0] }) else { return ordered }
        let names = { (labels: [Int64: UInt8]) in
            painted.map { value in
                let label = Int(labels[value] ?? AnnotatedSlice.unlabeled)
                return "\(value) is \(known.classes.indices.contains(label) ? known.classes[label].name : "unlabeled")"
            }.joined(separator: ", ")
        }
        throw .invalid(
            "label_info can be read in two ways: by idx \(names(told)), and by the order of its names, as 3D Slicer "
                + "numbers the segments of a file, \(names(ordered)). Remove the segment “background”, which the "
                + "file leaves out, and submit again", field: "label_info")
    }

    private static func unknown(_ value: Double, _ hasNames: Bool, _ known: MONAILabels) -> HTTPError {
        let text = Int64(exactly: value).map(String.init) ?? String(value)
        guard hasNames else {
            let values = known.names().text
            return .invalid(
                "the label file has the value \(text), which is none of \(values); label_info in params says what its "
                    + "values are", field: "label_info")
        }
        return .invalid("the label file has the value \(text), of which label_info says nothing", field: "label_info")
    }
}
