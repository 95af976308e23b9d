/// The decision about a request, from its head alone: by the gates of its route and the length of its body.
struct RequestAdmission {
    let admission: Responder.Admission
    let body: BodyReceiver
    /// Whether the reply is sent before the body arrives, which ends the connection.
    let isRefusedEarly: Bool

    init(_ arrival: RequestArrival, _ responder: Responder, memory: BodyMemory) async {
        let head = arrival.head
        if let fault = arrival.fault {
            admission = responder.refuse(head, fault)
        } else {
            admission = await responder.admit(head)
        }
        do {
            let declared = head.isChunked ? nil : head.contentLength ?? 0
            body = try BodyReceiver(try admission.route.get().body, declared: declared, memory: memory)
            isRefusedEarly = false
        } catch {
            body = BodyReceiver(refusing: error)
            let isSmall = !head.isChunked && (head.contentLength ?? 0) <= BodyPolicy.ignored
            isRefusedEarly = !isSmall || (head.headers["Expect"] != nil && head.contentLength != 0)
        }
    }
}
