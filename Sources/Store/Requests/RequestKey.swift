package import Foundation

/// A client's name for a request, by which a repeated one is recognized.
package struct RequestKey: Hashable, Sendable {
    /// The number of the token; 0 if none was needed.
    package var client: Int64
    package var key: String
    /// The SHA-256 of all that the request asks for.
    package var digest: Data

    package init(client: Int64, key: String, digest: Data) {
        self.client = client
        self.key = key
        self.digest = digest
    }
}
