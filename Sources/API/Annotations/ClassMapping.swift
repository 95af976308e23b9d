internal import HTTP
internal import Store
internal import Volumes

/// The meaning of a label file's values: class indices, or what `values=0:unlabeled,1:inside tubule` says.
struct ClassMapping: Hashable, Sendable {
    /// The project's classes by label value, removed ones too.
    let classes: [ClassRecord]
    /// `nil` if values are class indices themselves.
    let values: LabelValues?

    /// Parses the query's `values=`, if there is one.
    init(classes: [ClassRecord], values text: String? = nil) throws(HTTPError) {
        self.classes = classes
        do {
            let names = classes.map { $0.isRemoved ? nil : $0.name }
            values = try text.map { text throws(VolumeError) in try LabelValues(text, classes: names) }
        } catch {
            throw .invalid(error.description, field: "values")
        }
    }

    /// The mapping in the form that readers of label files take.
    var labels: LabelMapping { values?.mapping ?? LabelMapping(classes: classes.map { !$0.isRemoved }) }

    /// The classes that a voxel can have, with their label values.
    var known: [(value: UInt8, record: ClassRecord)] {
        classes.enumerated().compactMap { index, record in
            guard !record.isRemoved, let value = UInt8(exactly: index) else { return nil }
            return (value, record)
        }
    }

    /// The error for a value that is not a class; `place` says where it was found, `found` what else there is.
    func unmappedValue(of value: Double, at place: String, among found: [Double]? = nil) -> HTTPError {
        let text = Int64(exactly: value).map(String.init) ?? String(value)
        var allowed: String
        if let values {
            allowed = "values= says what \(values.keys) are"
        } else {
            allowed = "the classes are \(list), and 255 is unlabeled; values= maps other values"
            if let found, found.count == 2, found.contains(0), let other = found.first(where: { $0 != 0 }) {
                allowed += ", as in \(remedy([0, other]))"
            }
            if let index = Int(exactly: value), classes.indices.contains(index), classes[index].isRemoved {
                allowed += "; the class \"\(classes[index].name)\" was removed"
            }
        }
        return .invalid("the value \(text) at \(place) is not a class: \(allowed)", field: "values")
    }

    /// The classes with their indices.
    var list: String { LabelValues.list(classes.map { $0.isRemoved ? nil : $0.name }) }

    /// The name of the class that most likely is meant by what is not the first one.
    var second: String { (known.dropFirst().first ?? known.first)?.record.name ?? "class" }

    /// An example of `values=` for a mask: 0 is the first class, anything else the second.
    func remedy(_ values: [Double]) -> String {
        "values="
            + values.map { value in
                let text = Int64(exactly: value).map(String.init) ?? String(value)
                return "\(text):\(value == 0 ? known.first?.record.name ?? "class" : second)"
            }.joined(separator: ",")
    }
}

extension ClassMapping {
    /// The doubt about a file without `values=` in which 255 is the only value besides 0, as in masks of two classes;
    /// `nil` where there is none.
    ///
    /// `found` are the values that occur, in order.
    func maskDoubt(_ found: [Double], in what: String) -> HTTPError? {
        guard values == nil, known.count > 1, found == [0, 255] || found == [255] else { return nil }
        let insistence = remedy(Array(found.dropLast())) + (found.count > 1 ? "," : "") + "255:unlabeled"
        return .invalid(
            "\(what) holds only \(found.count > 1 ? "0 and 255, as masks of two classes do" : "255"), and 255 means "
                + "unlabeled here: if it is \(second), send \(remedy(found)); if it is unlabeled, send "
                + insistence, field: "values")
    }
}
