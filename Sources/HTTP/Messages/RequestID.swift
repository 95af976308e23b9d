internal import Text

/// Identifiers of single requests, for finding them in the log.
enum RequestID {
    /// The client's own identifier if it is short and plain; 16 random hexadecimal digits otherwise.
    static func choose(offered: String?) -> String {
        if let offered, (1...64).contains(offered.utf8.count), offered.utf8.allSatisfy(isPlain) { return offered }
        return UInt64.random(in: .min ... .max).hexadecimal
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}
