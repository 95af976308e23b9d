package import Foundation

extension JSONValue {
    /// Reads a whole JSON text that somebody sent; an object that has a name twice is refused, as it says two things.
    package init(received json: Data) throws(JSONError) {
        self = try JSONValue(json: json)
        guard let name = Self.repeatedName(in: json) else { return }
        throw .invalid(field: name, detail: "is there twice; each field may occur once")
    }

    /// The first name that an object of a valid text has twice.
    private static func repeatedName(in json: Data) -> String? {
        let bytes = [UInt8](json)
        // The names of the objects around a place, `nil` for arrays.
        var around: [Set<String>?] = []
        var isName = false
        var place = 0
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "{"):
                around.append([])
                isName = true
            case UInt8(ascii: "["):
                around.append(nil)
                isName = false
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = around.popLast()
            case UInt8(ascii: ","): isName = around.last.flatMap { $0 } != nil
            case UInt8(ascii: ":"): isName = false
            case UInt8(ascii: "\""):
                let start = place
                place += 1
                while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
                    place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
                }
                guard isName, place < bytes.count else { break }
                let name = text(bytes[start...place])
                guard var names = around.popLast() ?? nil else { break }
                guard names.insert(name).inserted else { return name }
                around.append(names)
            default: break
            }
            place += 1
        }
        return nil
    }

    /// A text without its quotes; `\u0061` in it is an a.
    private static func text(_ quoted: ArraySlice<UInt8>) -> String {
        if quoted.contains(UInt8(ascii: "\\")), let text = try? JSONDecoder().decode(String.self, from: Data(quoted)) {
            return text
        }
        return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
    }
}
