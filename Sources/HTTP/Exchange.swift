internal import Logging

/// A request whose connection sleeps until it is answered.
struct Exchange: Sendable {
    let admission: Responder.Admission
    let body: BodyReceiver
    let conversation: Conversation
    let hub: Hub
    /// Wakes the connection, which then sends what the conversation holds.
    let wake: @Sendable () -> Void

    /// Whether it may change something.
    var isChange: Bool { ![.get, .head, .options].contains(Method(rawValue: admission.head.method)) }

    /// Makes the reply and waits until it has left.
    func answer() async {
        let received: Result<Body, any Error>
        do { received = .success(try body.finish()) } catch { received = .failure(error) }
        var response = await hub.responder.answer(admission, body: received)
        if conversation.isRefusedEarly || hub.isStopping { response.headers["Connection"] = "close" }
        var buffer: StreamBuffer?
        if case .stream(let stream) = response.body, admission.head.method != Method.head.rawValue {
            let chunks = StreamBuffer(wakeSender: wake)
            buffer = chunks
            send(response, chunks)
            let failure = await stream.pump(into: chunks) { hub.isStopping || conversation.isDeserted }
            if let failure { report(failure) }
        } else {
            send(response, nil)
        }
        await conversation.waitForEnd()
        let isHead = admission.head.method == Method.head.rawValue
        complete(response, sent: isHead ? 0 : buffer?.sent ?? response.body.count ?? 0)
        if let socket = conversation.takeLingering() { await Peer.linger(socket) }
    }

    private func send(_ response: Response, _ stream: StreamBuffer?) {
        conversation.enter(.answered(Conversation.Reply(response: response, stream: stream)))
        wake()
    }

    private func report(_ failure: any Error) {
        hub.logger.error("stream failed", metadata: ["request": "\(admission.head.id)", "error": "\(failure)"])
    }

    private func complete(_ response: Response, sent: Int) {
        let completion = Completion(
            head: admission.head, status: response.status, received: body.count, sent: sent,
            seconds: conversation.started.duration(to: .now) / .seconds(1), isComplete: conversation.isComplete)
        hub.traffic.record(completion)
        hub.logger.info("request", metadata: completion.metadata)
    }
}

extension Completion {
    fileprivate var metadata: Logger.Metadata {
        var fields: Logger.Metadata = [
            "request": "\(head.id)", "peer": "\(head.remoteAddress ?? "unknown")", "method": "\(head.method)",
            "path": "\(head.path)", "status": "\(status)", "bytes": "\(sent)",
            "ms": "\((seconds * 100_000).rounded() / 100)",
        ]
        if let principal = head.principal { fields["token"] = "\(principal.name)" }
        if received > 0 { fields["received"] = "\(received)" }
        if !isComplete { fields["complete"] = "false" }
        return fields
    }
}
