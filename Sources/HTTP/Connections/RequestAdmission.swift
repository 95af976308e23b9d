/// What is decided when a request's head has arrived.
struct RequestAdmission {
    let admission: Responder.Admission
    let body: BodyReceiver
    /// The reply has to leave before the body comes, which ends the connection.
    let isRefusedEarly: Bool

    init(
        _ responder: Responder, method: String, target: String?, headers: Headers, remoteAddress: String?,
        isStopping: Bool
    ) {
        let admission: Responder.Admission
        do {
            guard let target else { throw HTTPError.malformed("The path is not UTF-8.") }
            let head = try RequestHead(
                method: method, target: target, headers: headers, remoteAddress: remoteAddress)
            try RequestAdmission.checkFraming(headers)
            if isStopping { throw HTTPError.closing }
            admission = responder.admit(head)
        } catch {
            let head = RequestHead(unreadable: method, headers: headers, remoteAddress: remoteAddress)
            admission = Responder.Admission(head: head, route: .failure(error))
        }
        self.admission = admission
        let head = admission.head
        do {
            body = try BodyReceiver(try admission.route.get().body, declared: head.contentLength)
            isRefusedEarly = false
        } catch {
            body = BodyReceiver(refusing: error)
            let isSmall = !head.isChunked && (head.contentLength ?? 0) <= BodyPolicy.ignored
            isRefusedEarly = !isSmall || (head.headers["Expect"] != nil && head.contentLength != 0)
        }
    }

    /// Refuses heads that two readers could understand differently, and ends their connections: where the next request
    /// begins is as doubtful.
    private static func checkFraming(_ headers: Headers) throws(HTTPError) {
        do throws(HTTPError) {
            try refuseDoubtful(headers)
        } catch {
            var error = error
            error.headers["Connection"] = "close"
            throw error
        }
    }

    private static func refuseDoubtful(_ headers: Headers) throws(HTTPError) {
        if let unsound = headers.fields.first(where: { !$0.isSound }) {
            let name = unsound.name.filter { $0.isASCII && !$0.isWhitespace }.prefix(40)
            throw .malformed("The header “\(name)” has a character that has no place in a head.")
        }
        // Of a value that goes on in the next line (RFC 9112, 5.2) libmicrohttpd makes a part of the name.
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
            throw HTTPError(501, "Only the transfer encoding “chunked” is understood.", field: "Transfer-Encoding")
        }
    }
}
