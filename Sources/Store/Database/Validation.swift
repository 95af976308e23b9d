internal import Foundation

/// The rules of the schema that users may break, checked here for better messages than those of SQL.
enum Validation {
    static let maximumClasses = 254

    static func check(name: String, of what: String) throws(StoreError) {
        if let refusal = Name.refusal(name, of: what) { throw .constraint(refusal) }
    }

    static func check(classes: [ClassRecord]) throws(StoreError) {
        guard classes.count <= maximumClasses else {
            throw .constraint("\(classes.count) classes are too many; a project can have at most \(maximumClasses)")
        }
        var names: Set<String> = []
        for (value, item) in classes.enumerated() {
            let isPlain = item.name.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
            guard (1...100).contains(item.name.unicodeScalars.count), isPlain,
                item.name.trimmingCharacters(in: .whitespaces) == item.name
            else {
                throw .constraint(
                    "\"\(item.name)\" can't name class \(value); use 1 to 100 characters without spaces around them")
            }
            guard item.name.lowercased() != "unlabeled" else {
                throw .constraint("\"\(item.name)\" can't name a class: it means voxels without a class, value 255")
            }
            guard names.insert(item.name).inserted else {
                throw .constraint("two classes are called \"\(item.name)\"; each needs its own name")
            }
            let digits = item.color.utf8.dropFirst()
            guard item.color.utf8.first == UInt8(ascii: "#"), digits.count == 6,
                digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit })
            else {
                throw .constraint("\"\(item.color)\" is not a color of class \"\(item.name)\"; one like \"#e69f00\" is")
            }
        }
    }
}
