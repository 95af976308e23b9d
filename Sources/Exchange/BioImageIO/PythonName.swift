/// Names of channels in a package of BioImage.IO, which must be such as Python's variables have.
enum PythonName {
    /// The words that Python keeps for itself.
    private static let keywords: Set<String> = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
        "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
        "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ]

    /// Different names, each as like the given one as possible.
    static func of(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.map { name in
            let plain = plain(name)
            var unique = plain, number = 2
            while !taken.insert(unique).inserted {
                unique = "\(plain)_\(number)"
                number += 1
            }
            return unique
        }
    }

    private static func plain(_ name: String) -> String {
        let letters = name.unicodeScalars.map { scalar -> Character in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                ? Character(scalar) : "_"
        }
        var text = String(letters)
        if text.allSatisfy({ $0 == "_" }) || text.first?.isNumber == true { text = "class_\(text)" }
        return keywords.contains(text) ? "\(text)_" : text
    }
}
