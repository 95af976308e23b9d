/// The query parameters that a route takes.
package struct QueryRules: Hashable, Sendable {
    package var names: Set<String>
    /// Those that may come several times with several values.
    package var repeated: Set<String>
    /// Those that mean nothing when they are empty.
    package var filled: Set<String>

    package init(_ names: Set<String> = [], repeated: Set<String> = [], filled: Set<String> = []) {
        self.names = names
        self.repeated = repeated
        self.filled = filled
    }
}

extension QueryRules: ExpressibleByArrayLiteral {
    package init(arrayLiteral names: String...) { self.init(Set(names)) }
}
