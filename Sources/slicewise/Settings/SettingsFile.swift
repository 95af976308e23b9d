internal import Configuration
internal import Foundation

/// The content of a settings file: values by dotted key.
struct SettingsFile {
    let name: String
    let values: [String: ConfigContent]

    /// `name` is the file's name in messages.
    init(json: Foundation.Data, name: String) throws(SettingsError) {
        let root: Node
        do {
            root = try JSONDecoder().decode(Node.self, from: json)
        } catch {
            throw .unreadable(file: name, reason: "it is not a JSON object of settings")
        }
        guard case .object = root else { throw .unreadable(file: name, reason: "it is not a JSON object of settings") }
        self.name = name
        var values: [String: ConfigContent] = [:]
        root.flatten(into: &values, key: "")
        self.values = values
    }

    init(path: String) throws(SettingsError) {
        let json: Foundation.Data
        do {
            json = try Foundation.Data(contentsOf: URL(filePath: path))
        } catch {
            let exists = FileManager.default.fileExists(atPath: path)
            let reason = exists ? "it is not a file that this user may read" : "there is no such file"
            throw .unreadable(file: path, reason: reason)
        }
        try self.init(json: json, name: path)
    }

    /// Throws at the first key that is not in the defaults or has another type there.
    func check(against defaults: SettingsFile) throws(SettingsError) {
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let expected = defaults.values[key] else {
                throw .unknownKey(key, file: name, known: defaults.values.keys.sorted())
            }
            switch (expected, value) {
            case (.int, .int), (.string, .string): continue
            case (.int, _): throw .wrongType(key: key, place: name, expected: "a whole number")
            default: throw .wrongType(key: key, place: name, expected: "a string")
            }
        }
    }

    var provider: InMemoryProvider {
        InMemoryProvider(
            name: name,
            values: Dictionary(
                uniqueKeysWithValues: values.map { key, content in
                    (AbsoluteConfigKey(dotted: key), ConfigValue(content))
                }))
    }

    /// A node of the file, decoded so that `true` is not a number.
    private enum Node: Decodable {
        case object([String: Node]), string(String), int(Int), other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if (try? container.decode(Bool.self)) != nil {
                self = .other
            } else if let int = try? container.decode(Int.self) {
                self = .int(int)
            } else if let string = try? container.decode(String.self) {
                self = .string(string)
            } else if let object = try? container.decode([String: Node].self) {
                self = .object(object)
            } else {
                self = .other
            }
        }

        func flatten(into values: inout [String: ConfigContent], key: String) {
            switch self {
            case .string(let string): values[key] = .string(string)
            case .int(let int): values[key] = .int(int)
            case .other: values[key] = .bool(false)
            case .object(let object):
                for (name, node) in object {
                    node.flatten(into: &values, key: key.isEmpty ? name : "\(key).\(name)")
                }
            }
        }
    }
}

extension AbsoluteConfigKey {
    init(dotted key: String) { self.init(key.split(separator: ".").map(String.init)) }
}

extension ConfigValue {
    init(_ content: ConfigContent) { self.init(content, isSecret: false) }
}
