internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// The values of labels in files that go to clients of MONAI Label.
///
/// There 0 is background and drawn transparent, and 3D Slicer takes the k-th name for the value k. So the class called
/// background is 0, and all others are 1 and on in their order, removed ones included; 255 is unlabeled.
struct MONAILabels: Sendable {
    /// The name that clients of MONAI Label leave out.
    static let background = "background"

    let classes: [ClassRecord]
    /// The index of the class that is 0; `nil` if there is none.
    let background: Int?

    init(_ project: ProjectRecord) throws(HTTPError) {
        classes = project.classes
        background = classes.firstIndex { !$0.isRemoved && $0.name.lowercased() == Self.background }
        guard classes.count < 254 else {
            throw .invalid("clients of MONAI Label can have 253 classes; this project has \(classes.count)")
        }
    }

    /// The value of a class.
    func value(of index: Int) -> Int {
        guard let background else { return index + 1 }
        return index == background ? 0 : index < background ? index + 1 : index
    }

    /// From class indices to values; unlabeled stays so.
    var outgoing: LabelMapping {
        var values: [Int64: UInt8] = [Int64(AnnotatedSlice.unlabeled): AnnotatedSlice.unlabeled]
        for index in classes.indices { values[Int64(index)] = UInt8(value(of: index)) }
        return LabelMapping(values)
    }

    /// The value of each name, for the first `count` classes: an object in the order of values.
    func names(of count: Int? = nil) -> JSONValue {
        let indices = classes.indices.prefix(count ?? classes.count).sorted { value(of: $0) < value(of: $1) }
        return .object(
            JSONObject(indices.map { .init(name: name(of: $0), value: .integer(value(of: $0))) }))
    }

    private func name(of index: Int) -> String { index == background ? Self.background : classes[index].name }

    /// The classes as segments of 3D Slicer, whose numbers are the same values; the background is none.
    var segments: VolumeLook {
        let painted = classes.indices.filter { value(of: $0) > 0 }.sorted { value(of: $0) < value(of: $1) }
        return .labels(
            painted.map { Color(hex: classes[$0].color) ?? Color(red: 128, green: 128, blue: 128) },
            names: painted.map { classes[$0].name })
    }

    /// From class indices to places in the list of segments; what is none is unlabeled.
    var segmentPlaces: LabelMapping {
        var places: [Int64: UInt8] = [Int64(AnnotatedSlice.unlabeled): AnnotatedSlice.unlabeled]
        for index in classes.indices {
            let value = value(of: index)
            places[Int64(index)] = value > 0 ? UInt8(value - 1) : AnnotatedSlice.unlabeled
        }
        return LabelMapping(places)
    }

    /// The names of the classes that can be painted, in the order of their values.
    var painted: [String] {
        classes.indices.filter { $0 != background && !classes[$0].isRemoved }.map { classes[$0].name }
    }

    /// The class of a name; 3D Slicer's word for the background is that of the project, too.
    func index(of name: String) -> Int? {
        if let index = classes.firstIndex(where: { !$0.isRemoved && $0.name == name }) { return index }
        return name == Self.background ? background : nil
    }

    /// Changes whenever the values do.
    var identity: String { "\(classes.count) \(background ?? -1)" }

    /// The labels of a grid of class indices as values.
    func source(_ labels: any VoxelSource) throws -> any VoxelSource { try MappedLabels(labels, mapping: outgoing) }
}
