/// Why a server could not start.
package enum ServerError: Error, Equatable, CustomStringConvertible {
    /// The host and port, and the system's message.
    case cannotListen(host: String, port: Int, reason: String)
    case notStarted

    package var description: String {
        switch self {
        case .cannotListen(let host, let port, let reason):
            "cannot listen on \(host):\(port): \(reason)"
        case .notStarted:
            "libmicrohttpd did not start; with TLS, check that the certificate and the key are PEM and belong together"
        }
    }
}
