internal import Text

extension JSONValue {
    /// The value as text on one line, members in their order; NaN and infinities are null.
    package var text: String {
        var text = ""
        write(to: &text)
        return text
    }

    /// The value as text with a line for each member and element, indented by two spaces a level; without a line end.
    package var indentedText: String {
        var text = ""
        write(to: &text, indent: 0)
        return text
    }

    private func write(to text: inout String, indent: Int) {
        let line = "\n" + String(repeating: "  ", count: indent + 1)
        let last = "\n" + String(repeating: "  ", count: indent)
        switch self {
        case .array(let values) where !values.isEmpty:
            for (index, value) in values.enumerated() {
                text += (index == 0 ? "[" : ",") + line
                value.write(to: &text, indent: indent + 1)
            }
            text += last + "]"
        case .object(let object) where !object.isEmpty:
            for (index, member) in object.members.enumerated() {
                text += (index == 0 ? "{" : ",") + line
                JSONValue.quote(member.name, into: &text)
                text += ": "
                member.value.write(to: &text, indent: indent + 1)
            }
            text += last + "}"
        default: write(to: &text)
        }
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? String(value) : "null"
        case .string(let value): JSONValue.quote(value, into: &text)
        case .raw(let value): text += value
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                value.write(to: &text)
            }
            text += "]"
        case .object(let object):
            text += "{"
            for (index, member) in object.members.enumerated() {
                if index > 0 { text += "," }
                JSONValue.quote(member.name, into: &text)
                text += ":"
                member.value.write(to: &text)
            }
            text += "}"
        }
    }

    /// Appends a string in quotes, escaping what RFC 8259 requires and what `isEscaped` selects.
    package static func quote(
        _ string: String, into text: inout String, escaping isEscaped: (Unicode.Scalar) -> Bool = { _ in false }
    ) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || isEscaped(scalar):
                for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                    text += "\\u\(unit.hexadecimal)"
                }
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
