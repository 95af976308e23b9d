/// What is decided when a request's head has arrived.
struct Arrival {
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
            try Arrival.checkFraming(headers)
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

    /// Refuses heads that two readers could understand differently.
    private static func checkFraming(_ headers: Headers) throws(HTTPError) {
        let lengths = headers.all("Content-Length")
        let encodings = headers.all("Transfer-Encoding")
        guard lengths.count + encodings.count <= 1 else {
            throw .malformed("The head gives the body's length more than once.")
        }
        if let length = lengths.first, Int(length) == nil {
            throw .malformed("Content-Length has to be a number of bytes.", field: "Content-Length")
        }
        if let encoding = encodings.first, encoding.lowercased() != "chunked" {
            throw HTTPError(501, "Only the transfer encoding “chunked” is understood.", field: "Transfer-Encoding")
        }
    }
}
