internal import Foundation
internal import HTTP
internal import Store
internal import Training
internal import Volumes

/// The body of `PUT /v1/projects/{project}`, taken strictly.
struct ProjectRequest {
    var classes: [ClassRecord]
    var description: String?

    private static let example = "{\"classes\":[{\"name\":\"background\"},{\"name\":\"cell\",\"color\":\"#e69f00\"}]}"

    init(body: [UInt8]) throws(HTTPError) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(body)),
            case .object(let members) = value
        else { throw .malformed("the body is no JSON object; a project is \(Self.example)") }
        try Self.refuseStrangers(members, known: ["classes", "description"], at: "")
        switch members["description"] {
        case nil, .null: description = nil
        case .string(let text):
            // Lengths are counted as SQL does: an accent may be a character of its own.
            let count = text.unicodeScalars.count
            guard count <= 10_000 else {
                throw .invalid("description has \(count) characters; 10,000 are allowed", field: "description")
            }
            description = text
        default: throw .invalid("description must be a string", field: "description")
        }
        guard case .array(let items) = members["classes"] else {
            throw .invalid("classes is missing or no list; a project is \(Self.example)", field: "classes")
        }
        guard (1...254).contains(items.count) else {
            throw .invalid("a project has 1 to 254 classes, not \(items.count)", field: "classes")
        }
        classes = []
        for (place, item) in items.enumerated() {
            let record = try Self.record(item, at: place)
            guard !classes.contains(where: { $0.name == record.name }) else {
                throw .invalid(
                    "two classes are called \"\(record.name)\"; each has a name of its own",
                    field: "classes[\(place)].name")
            }
            classes.append(record)
        }
    }

    private static func record(_ item: JSONValue, at place: Int) throws(HTTPError) -> ClassRecord {
        let field = "classes[\(place)]"
        guard case .object(let members) = item else {
            throw .invalid("\(field) must be an object like {\"name\":\"cell\"}", field: field)
        }
        try refuseStrangers(members, known: ["name", "color"], at: field + ".")
        guard case .string(let name) = members["name"] else {
            throw .invalid("\(field).name is missing or no string", field: "\(field).name")
        }
        guard isLabel(name) else {
            throw .invalid(
                "\(field).name: a class's name has 1 to 100 characters, none of them invisible, no space at its "
                    + "ends, and is not \"unlabeled\"",
                field: "\(field).name")
        }
        switch members["color"] {
        case nil, .null: return ClassRecord(name: name, color: Color.palette(place + 1)[place].hex)
        case .string(let color) where Color(hex: color) != nil:
            return ClassRecord(name: name, color: color.lowercased())
        default:
            throw .invalid(
                "\(field).color must be a string like \"#e69f00\"", field: "\(field).color")
        }
    }

    private static func refuseStrangers(
        _ members: [String: JSONValue], known: [String], at path: String
    ) throws(HTTPError) {
        guard let unknownKey = members.keys.sorted().first(where: { !known.contains($0) }) else { return }
        throw .invalid(
            "\(path)\(unknownKey.prefix(80)) is no field here; there are \(known.joined(separator: " and "))",
            field: "\(path)\(unknownKey.prefix(80))")
    }

    private static func isLabel(_ name: String) -> Bool {
        (1...100).contains(name.unicodeScalars.count) && name.first != " " && name.last != " " && name != "unlabeled"
            && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    }
}
