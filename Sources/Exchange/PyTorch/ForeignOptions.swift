internal import JSON

/// The options with which another program made a network, each read once; those that it would take but nobody knows
/// here are refused.
struct ForeignOptions {
    private var members: JSONObject
    /// Whose options they are, for messages.
    private let owner: String

    init(_ value: JSONValue, of owner: String) throws(ExchangeError) {
        guard case .object(let members) = value else {
            throw .invalid(
                field: "network", detail: "is \(value.kind); it must be a JSON object, the options of \(owner)")
        }
        self.members = members
        self.owner = owner
    }

    /// Forgets options that the tensors tell, or that predictions don't depend on.
    mutating func ignore(_ names: String...) {
        for name in names { members[name] = nil }
    }

    /// The value of an option, or what the other program takes without it.
    mutating func take(_ name: String, else standard: JSONValue) -> JSONValue {
        defer { members[name] = nil }
        return members[name] ?? standard
    }

    /// Throws unless an option has one of some values; `reason` says why.
    mutating func demand(
        _ name: String, _ allowed: [JSONValue], else standard: JSONValue, _ reason: String
    ) throws(ExchangeError) -> JSONValue {
        let value = take(name, else: standard)
        guard allowed.contains(value) else {
            let words = allowed.map(\.text).joined(separator: " or ")
            throw .invalid(
                field: "network",
                detail:
                    "has \"\(name)\": \(value.text); it must be \(words) (\(owner) takes \(standard.text) where it is not "
                    + "given): \(reason)")
        }
        return value
    }

    /// Sizes of z, y and x from a number or three; `planar` are those of y and x alone.
    static func sizes(_ value: JSONValue, planar: Bool) -> [Int]? {
        switch value {
        case .array(let all):
            let sizes = all.compactMap { $0.numeric.flatMap { Int(exactly: $0) } }
            guard sizes.count == all.count, sizes.count == (planar ? 2 : 3) else { return nil }
            return planar ? [1] + sizes : sizes
        default:
            guard let size = value.numeric.flatMap({ Int(exactly: $0) }) else { return nil }
            return planar ? [1, size, size] : [size, size, size]
        }
    }

    /// Throws if there are options left.
    func checkNothingIsLeft() throws(ExchangeError) {
        guard let name = members.names.first else { return }
        throw .invalid(field: "network", detail: "has \"\(name.prefix(80))\", which is no known option of \(owner)")
    }
}
