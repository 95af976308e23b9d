package import JSON
internal import Network

/// A named recipe that is compared with others.
package struct ExperimentVariant: Codable, Hashable, Sendable {
    package var name: String
    package var recipe: Recipe

    package init(name: String, recipe: Recipe) {
        self.name = name
        self.recipe = recipe
    }

    /// Reads a list of changes to a recipe: objects like recipes, with an optional `name`.
    ///
    /// `recipe` is a preset's name or an object. Without a name a variant is named after its changes.
    package static func list(
        _ changes: [JSONValue], of recipe: JSONValue, path: String = "variants"
    ) throws(TrainingError) -> [ExperimentVariant] {
        guard !changes.isEmpty else {
            throw .invalid(field: path, detail: "is empty; it must have at least {}, which is the recipe itself")
        }
        let base: JSONValue = if case .string = recipe { .object(["preset": recipe]) } else { recipe }
        _ = try Recipe(base, path: "recipe")
        var variants: [ExperimentVariant] = []
        for (number, change) in changes.enumerated() {
            let place = "\(path)[\(number)]"
            guard case .object(var fields) = change else {
                throw .invalid(field: place, detail: "is \(change.kind); it must be an object like {\"norm\":\"none\"}")
            }
            let given = fields["name"]
            fields["name"] = nil
            let recipe = try Recipe(base.merging(.object(fields)), path: place)
            var name = title(of: fields, recipe)
            if let given { name = try text(given, path: "\(place).name") }
            if let twin = variants.firstIndex(where: { $0.name == name || $0.recipe == recipe }) {
                throw .invalid(field: place, detail: "is the same as \(path)[\(twin)], or has its name")
            }
            variants.append(ExperimentVariant(name: name, recipe: recipe))
        }
        return variants
    }

    private static func text(_ value: JSONValue, path: String) throws(TrainingError) -> String {
        guard case .string(let text) = value, (1...60).contains(text.count) else {
            throw .invalid(field: path, detail: "is \(value.kind); it must be a text of 1 to 60 characters")
        }
        return text
    }

    /// The changes in words: `3D, batch norm`, or `loss.class_weights none` for fields without words of their own.
    private static func title(of fields: JSONObject, _ recipe: Recipe) -> String {
        var words: [String] = []
        if fields["dimensions"] != nil || fields["norm"] != nil || fields.isEmpty {
            words.append("\(recipe.dimensions)D")
        }
        if fields["norm"] != nil {
            words.append(recipe.norm == .none ? "no norm" : "\(recipe.norm.rawValue) norm")
        }
        for key in fields.names.sorted() where !["dimensions", "norm"].contains(key) {
            words += (fields[key] ?? .null).leaves(path: key)
        }
        return words.joined(separator: ", ")
    }
}

extension JSONValue {
    /// `path value` for every value that is not an object.
    fileprivate func leaves(path: String) -> [String] {
        switch self {
        case .object(let fields): fields.names.sorted().flatMap { (fields[$0] ?? .null).leaves(path: "\(path).\($0)") }
        case .string(let text): ["\(path) \(text)"]
        case .integer(let number): ["\(path) \(number)"]
        case .number(let number): ["\(path) \(Int(exactly: number).map { "\($0)" } ?? "\(number)")"]
        case .bool(let flag): ["\(path) \(flag ? "on" : "off")"]
        case .null: ["\(path) none"]
        case .raw(let text): ["\(path) \(text)"]
        case .array(let values): ["\(path) [\(values.flatMap { $0.leaves(path: "") }.joined(separator: ","))]"]
        }
    }
}
