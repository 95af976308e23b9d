internal import Foundation
internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// The body of `PUT /v1/projects/{project}`, read strictly.
struct ProjectRequest {
    /// A class without a color gets one by its index.
    private struct Class {
        var name = ""
        var color: String?
        var removed: Bool?

        static let record = JSONRecord<Class>(
            "Class", "A class of voxels; the place in the list of classes is its label.", null: .absence,
            [
                JSONField(
                    "name", \.name, .label, isRequired: true,
                    "1 to 100 characters, different from those of other classes and from unlabeled"),
                JSONField(
                    optional: "color", \.color, .color,
                    "The color in pictures, as #rrggbb; one of a palette if not given"),
                JSONField(
                    optional: "removed", \.removed, .bool,
                    "Whether only earlier revisions and models have the class: it keeps its place, unused"),
            ])
    }

    private struct Members {
        var classes: [Class] = []
        var description: String?
        var model: String?
    }

    /// `nil` leaves them as they were.
    var classes: [ClassRecord]?
    var description: String?
    var model: ModelPin

    static let example = "{\"classes\":[{\"name\":\"background\"},{\"name\":\"cell\",\"color\":\"#e69f00\"}]}"

    init(body: [UInt8]) throws(HTTPError) {
        let value = try HTTPError.json(body)
        guard case .object(let given) = value else {
            throw .malformed("the body is not a JSON object; a project is \(Self.example)")
        }
        var members = Members()
        do throws(JSONError) {
            try Self.record.read(value, into: &members, path: "")
        } catch {
            throw HTTPError(error)
        }
        description = members.description
        model = members.model.map { ModelPin.named($0) } ?? (given["model"] == .null ? .newest : .unchanged)
        guard given["classes"] != nil, given["classes"] != .null else { return }
        classes = members.classes.enumerated().map { place, given in
            ClassRecord(
                name: given.name, color: given.color ?? Color.palette(place + 1)[place].hex,
                isRemoved: given.removed ?? false)
        }
    }

    private static let record = JSONRecord<Members>(
        "ProjectRequest", "A project to make, or what to change of one.", null: .absence,
        [
            JSONField(
                "classes", \.classes,
                JSONSchema<[Class]>.list(
                    of: .record(Class.record, over: Class()), "an array of 1 to 254 classes like {\"name\":\"cell\"}",
                    count: 1...254, path: .places
                ).checked { classes, path throws(JSONError) in
                    var names: Set<String> = []
                    for (place, one) in classes.enumerated() where !names.insert(one.name).inserted {
                        throw .invalid(
                            field: "\(path)[\(place)].name",
                            detail: "two classes are called \"\(one.name)\"; each class needs a name of its own")
                    }
                },
                "1 to 254 classes in order: the first is label 0. Needed for a new project; left as they were if missing"
            ),
            JSONField(
                optional: "model", \.model, .string,
                "The model that is meant where none is named; left as it was if missing, null for the newest finished one"
            ),
            JSONField(
                optional: "description", \.description,
                JSONSchema.string.checked { text, path throws(JSONError) in
                    // Counted like in SQL: a combining accent counts as a character.
                    let count = text.unicodeScalars.count
                    guard count <= 10_000 else {
                        throw .invalid(field: path, detail: "has \(count) characters; 10,000 are allowed")
                    }
                }, "Up to 10,000 characters; left as it was if not given"),
        ])

    /// The request as JSON Schema.
    static var schema: JSONValue { record.description() }

    /// The schema of a class.
    static var classSchema: JSONValue { Class.record.description() }
}

extension JSONSchema<String> {
    /// The name of a class.
    fileprivate static var label: Self {
        string.checked { name, path throws(JSONError) in
            let isLabel =
                (1...100).contains(name.unicodeScalars.count) && name.first != " " && name.last != " "
                && name != "unlabeled" && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
            guard isLabel else {
                throw .invalid(
                    field: path,
                    detail: "a class's name has 1 to 100 characters, none of them invisible, no space at its ends, "
                        + "and is not \"unlabeled\"")
            }
        }
    }

    /// A color, converted to lower case.
    fileprivate static var color: Self {
        JSONSchema(["type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"]) { value, path throws(JSONError) in
            guard case .string(let text) = value, Color(hex: text) != nil else {
                throw .unexpected(value, at: path, expected: "a string like \"#e69f00\"")
            }
            return text.lowercased()
        } write: {
            .string($0)
        }
    }
}
