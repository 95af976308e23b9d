/// A request's head as it was received, and its fault if it has one.
struct RequestArrival: Sendable {
    let head: RequestHead
    /// Why the head is invalid, or that the server is stopping.
    let fault: (any Error)?

    /// `isCut` if the target has a NUL, after which nothing of it is known.
    init(
        method: String, target: RequestTarget, isCut: Bool, headers: Headers, remoteAddress: String?, isStopping: Bool
    ) {
        do {
            try RequestArrival.checkFraming(headers)
            guard !isCut else { throw HTTPError.malformed("The target of the request has a NUL character.") }
            guard let target = target.text else { throw HTTPError.malformed("The path is not UTF-8.") }
            let head = try RequestHead(method: method, target: target, headers: headers, remoteAddress: remoteAddress)
            if isStopping { throw HTTPError.closing }
            self.head = head
            fault = nil
        } catch {
            let path = target.visiblePath + (isCut ? "%00…" : "")
            head = RequestHead(unreadable: method, path: path, headers: headers, remoteAddress: remoteAddress)
            fault = error
        }
    }

    /// Whether a body follows.
    var hasBody: Bool { head.isChunked || (head.contentLength ?? 0) > 0 }

    /// Refuses ambiguous heads, and ends their connections, as it is not clear where the next request begins.
    private static func checkFraming(_ headers: Headers) throws(HTTPError) {
        do throws(HTTPError) {
            try refuseAmbiguous(headers)
        } catch {
            var error = error
            error.headers["Connection"] = "close"
            throw error
        }
    }

    private static func refuseAmbiguous(_ headers: Headers) throws(HTTPError) {
        if let invalid = headers.fields.first(where: { !$0.isSound }) {
            let name = invalid.name.filter { $0.isASCII && !$0.isWhitespace }.prefix(40)
            throw .malformed("The header “\(name)” has a character that is not allowed in a head.")
        }
        // If a value continues on the next line (RFC 9112, 5.2), libmicrohttpd makes it a part of the name.
        for name in ["content-length", "transfer-encoding"] {
            guard
                !headers.fields.contains(where: { $0.name.count > name.count && $0.name.lowercased().hasPrefix(name) })
            else { throw .malformed("The head gives the body's length in more than one line.") }
        }
        guard headers.all("Host").count <= 1 else { throw .malformed("The head names more than one host.") }
        let lengths = headers.all("Content-Length")
        let encodings = headers.all("Transfer-Encoding")
        guard lengths.count + encodings.count <= 1 else {
            throw .malformed("The head gives the body's length more than once.")
        }
        if let length = lengths.first, Int(length) == nil || !length.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            throw .malformed("Content-Length has to be a number of bytes.", field: "Content-Length")
        }
        if let encoding = encodings.first, encoding.lowercased() != "chunked" {
            throw HTTPError(501, "Only the transfer encoding “chunked” is supported.", field: "Transfer-Encoding")
        }
    }
}
