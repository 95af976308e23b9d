/// How a server listens, and its limits.
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
    /// 0 for any free port.
    package var port: Int
    /// Threads that receive requests and send replies.
    package var threads = 2
    /// Threads that handlers run on, and as many again for requests that change data; they may block.
    package var handlerThreads = 16
    /// Connections beyond this number wait to be accepted; the process needs open files for all of them.
    package var connectionLimit = 32
    /// Connections of one address beyond this number are closed at once; 0 for no limit.
    package var connectionsPerAddress = 0
    /// Connections that transfer nothing for this long are closed, except while a reply is computed.
    package var timeoutSeconds = 60
    /// Connections that transfer fewer bytes per second than this, over `timeoutSeconds`, are closed; 0 for no limit.
    ///
    /// Does not apply while a reply is computed or streamed.
    package var minimumRate = 512
    /// Memory for one connection's head and buffers, in bytes.
    package var connectionMemory = 65_536
    /// Memory for the bodies of all requests together, in bytes; requests beyond it get 503.
    package var bodyMemory = 256 << 20
    /// How long requests in progress may run after cancellation.
    package var grace = Duration.seconds(10)
    package var tls: TLS?

    package init(host: String = "127.0.0.1", port: Int = 0) {
        self.host = host
        self.port = port
    }
}
