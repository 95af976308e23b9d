/// The decision about a request, from its head alone: by the gates of its route and the length of its body.
struct RequestAdmission {
    let admission: Responder.Admission
    let body: BodyReceiver
    /// Whether the reply is sent before the body arrives, which ends the connection.
    let isRefusedEarly: Bool

    /// Whether the head tells of a form where none is taken, which will not come.
    ///
    /// The Python client of MONAI Label sends the type and length of its last form again with every later request.
    private static func hasStrayForm(_ head: RequestHead) -> Bool {
        ["GET", "HEAD", "DELETE"].contains(head.method) && head.contentLength ?? 0 > 0
            && head.headers["Expect"] == nil && head.contentType?.hasPrefix("multipart/") == true
    }

    init(_ arrival: RequestArrival, _ responder: Responder, memory: BodyMemory) async {
        let head = arrival.head
        if let fault = arrival.fault {
            admission = responder.refuse(head, fault)
        } else {
            admission = await responder.admit(head)
        }
        do {
            let declared = head.isChunked ? nil : head.contentLength ?? 0
            let policy = try admission.route.get().body
            if case .none = policy, Self.hasStrayForm(head) {
                body = try BodyReceiver(policy, declared: 0, memory: memory)
                isRefusedEarly = true
                return
            }
            body = try BodyReceiver(policy, declared: declared, memory: memory)
            isRefusedEarly = false
        } catch {
            body = BodyReceiver(refusing: error)
            let isSmall = !head.isChunked && (head.contentLength ?? 0) <= BodyPolicy.ignored
            isRefusedEarly =
                !isSmall || Self.hasStrayForm(head) || (head.headers["Expect"] != nil && head.contentLength != 0)
        }
    }
}
