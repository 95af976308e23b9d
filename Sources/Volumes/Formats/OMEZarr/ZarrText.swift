internal import Foundation
internal import JSON

/// A document of Zarr.
struct ZarrText {
    let key: String
    let json: JSONValue
    let bytes: [UInt8]

    init(_ bytes: [UInt8], _ key: String) throws(VolumeError) {
        self.key = key
        self.bytes = bytes
        do {
            json = try JSONValue(json: Data(bytes))
        } catch {
            throw .malformed("\(key) in the OME-Zarr is not JSON")
        }
    }

    /// The member `fill_value`, in which whole numbers are exact.
    var fill: ZarrFill? {
        struct Document: Decodable { let fill_value: ZarrFill? }
        return (try? JSONDecoder().decode(Document.self, from: Data(bytes)))?.fill_value
    }

    /// A list of whole numbers.
    func sizes(_ value: JSONValue, _ name: String, from least: Int = 1) throws(VolumeError) -> [Int] {
        guard case .array(let values) = value, values.count <= 16 else {
            throw wrong("\(name) is \(value.kind); a list of at most 16 whole numbers is expected")
        }
        var sizes: [Int] = []
        for value in values {
            guard let size = value.numeric.flatMap({ Int(exactly: $0) }), size >= least, size < 1 << 53 else {
                let found = value.numeric.map { "\($0)" } ?? value.kind
                throw wrong("\(name) has \(found); whole numbers of at least \(least) are expected")
            }
            sizes.append(size)
        }
        return sizes
    }

    func wrong(_ detail: String) -> VolumeError { .malformed("\(key) in the OME-Zarr: \(detail)") }

    func unsupported(_ detail: String) -> VolumeError { .unsupported("\(key) in the OME-Zarr: \(detail)") }
}

extension JSONValue {
    /// The text if it is one.
    var word: String? { if case .string(let text) = self { text } else { nil } }

    /// The elements if it is an array.
    var list: [JSONValue]? { if case .array(let values) = self { values } else { nil } }

    var isObject: Bool { if case .object = self { true } else { false } }
}
