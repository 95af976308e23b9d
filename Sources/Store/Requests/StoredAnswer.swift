package import Foundation

/// An answer that is kept for a repeated request.
package struct StoredAnswer: Hashable, Sendable {
    /// A header's name and value.
    package struct Header: Codable, Hashable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package var status: Int
    package var headers: [Header]
    package var body: Data

    package init(status: Int, headers: [Header], body: Data) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
