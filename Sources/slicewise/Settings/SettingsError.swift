/// An error in the settings, with the name that the operator used.
package enum SettingsError: Error, Hashable, CustomStringConvertible {
    case unreadable(file: String, reason: String)
    case unknownKey(String, file: String, known: [String])
    case unknownVariable(String, known: [String])
    case wrongType(key: String, place: String, expected: String)
    case outOfRange(key: String, value: String, allowed: String)

    package var description: String {
        switch self {
        case .unreadable(let file, let reason):
            "the settings file \(file) cannot be read: \(reason)"
        case .unknownKey(let key, let file, let known):
            "\(file) sets \"\(key)\", which is not a setting; settings are \(known.joined(separator: ", "))"
        case .unknownVariable(let name, let known):
            "the environment sets \(name), which is not a setting; settings are \(known.joined(separator: ", "))"
        case .wrongType(let key, let place, let expected):
            "the setting \(key) in \(place) must be \(expected)"
        case .outOfRange(let key, let value, let allowed):
            "the setting \(key) is \"\(value)\"; it must be \(allowed)"
        }
    }
}
