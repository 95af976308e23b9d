/// How a folder of a web server is read.
package struct WebReading {
    /// What may be read; redirects that lead elsewhere are not followed.
    package var allowed: [WebFolder]
    /// The most bytes that all of its files may have together.
    package var limit: Int
    /// Seconds between attempts.
    package var pauses: [Double]
    /// Whether nobody waits for it any more.
    package var isAbandoned: @Sendable () -> Bool
    /// Is given what was read, in the order of reading: for each file a line with its path and its length, and its bytes,
    /// of which more may come with an empty line.
    package var note: (String, [UInt8]) -> Void

    package init(
        allowed: [WebFolder], limit: Int, pauses: [Double] = [],
        isAbandoned: @escaping @Sendable () -> Bool = { false }, note: @escaping (String, [UInt8]) -> Void = { _, _ in }
    ) {
        self.allowed = allowed
        self.limit = limit
        self.pauses = pauses
        self.isAbandoned = isAbandoned
        self.note = note
    }
}
