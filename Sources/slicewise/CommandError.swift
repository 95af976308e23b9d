/// Why a command failed, as one line for its user.
package struct CommandError: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
