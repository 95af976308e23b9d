/// Why a server could not start.
package enum ServerError: Error, Equatable, CustomStringConvertible {
    /// The host and port, and the system's message.
    case cannotListen(host: String, port: Int, reason: String)
    /// The connections asked for, those that the process has files for, and its limit on open files.
    case tooManyConnections(Int, possible: Int, files: Int)
    case notStarted

    package var description: String {
        switch self {
        case .cannotListen(let host, let port, let reason):
            "cannot listen on \(host):\(port): \(reason)"
        case .tooManyConnections(let count, let possible, let files):
            "\(count) connections are more than the \(possible) that this process may have with its \(files) open files: "
                + "allow it more files (ulimit -n, or LimitNOFILE= of its unit), or fewer connections"
        case .notStarted:
            "libmicrohttpd did not start; with TLS, check that the certificate and the key are PEM and belong together"
        }
    }
}
