internal import Training

/// The members of a request, taken one by one, so that what nobody takes is known to be a mistake.
///
/// `null` counts as not given.
struct RequestFields {
    private var members: [String: JSONValue]
    private var known: [String] = []

    init(_ value: JSONValue) throws(JobError) {
        guard case .object(let members) = value else {
            throw .malformed("a job is a JSON object like {\"kind\":\"train\"}; the body is \(value.kind)")
        }
        self.members = members
    }

    /// A member of any type.
    mutating func value(_ key: String) -> JSONValue? {
        known.append(key)
        guard let value = members.removeValue(forKey: key), value != .null else { return nil }
        return value
    }

    /// A member that must be a string.
    mutating func string(_ key: String) throws(JobError) -> String? {
        guard let value = value(key) else { return nil }
        guard case .string(let text) = value else {
            throw .invalid(field: key, detail: "must be a string, not \(value.kind)")
        }
        return text
    }

    /// A member that must be a list of different strings.
    mutating func strings(_ key: String) throws(JobError) -> [String]? {
        guard let value = value(key) else { return nil }
        guard case .array(let items) = value else {
            throw .invalid(field: key, detail: "must be a list of names, not \(value.kind)")
        }
        var texts: [String] = []
        for item in items {
            guard case .string(let text) = item else {
                throw .invalid(field: key, detail: "must be a list of names; it holds \(item.kind)")
            }
            guard !texts.contains(text) else {
                throw .invalid(field: key, detail: "names \"\(text)\" twice; once is right")
            }
            texts.append(text)
        }
        return texts
    }

    /// Refuses members that nobody asked for.
    func finish(_ what: String) throws(JobError) {
        guard let stray = members.keys.min() else { return }
        let fields = known.map { "\"\($0)\"" }.joined(separator: ", ")
        throw .invalid(field: stray, detail: "is no field of \(what); there are \(fields)")
    }
}
