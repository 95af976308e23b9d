/// How a server listens, and what it puts up with.
package struct ServerOptions: Sendable {
    /// A certificate chain and its private key, both PEM.
    package struct TLS: Sendable {
        package var certificate: String
        package var key: String

        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// A name or address to bind; "0.0.0.0" or "::" for all.
    package var host: String
    /// 0 for any free one.
    package var port: Int
    /// Threads that move bytes.
    package var threads = 2
    /// Threads that handlers run on, as many again for requests that change something.
    ///
    /// They may block: the rest of the program does not wait for these threads.
    package var handlerThreads = 16
    /// Connections beyond this wait to be accepted.
    package var connectionLimit = 1024
    /// Connections of one address beyond this are closed at once; 0 for no limit.
    package var connectionsPerAddress = 0
    /// Connections that neither send nor take anything for so long are closed.
    ///
    /// Does not count while a reply is being made.
    package var timeoutSeconds = 60
    /// Connections that move fewer bytes per second than this, over the time of `timeoutSeconds`, are closed; 0 for
    /// no limit.
    ///
    /// Does not count while a reply is being made, nor for streams.
    package var minimumRate = 512
    /// Memory for one connection's head and buffers, in bytes.
    package var connectionMemory = 65_536
    /// How long what is in flight may go on after cancellation.
    package var grace = Duration.seconds(10)
    package var tls: TLS?

    package init(host: String = "127.0.0.1", port: Int = 0) {
        self.host = host
        self.port = port
    }
}
