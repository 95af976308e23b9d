internal import Logging

/// A request whose connection sleeps until it is answered.
struct Exchange: Sendable {
    let admission: Responder.Admission
    let body: BodyReceiver
    let conversation: Conversation
    let hub: Hub
    /// Wakes the connection, which then sends what the conversation holds.
    let wake: @Sendable () -> Void

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
        log(response, bytes: buffer?.sent ?? response.body.count ?? 0)
        if let socket = conversation.takeLingering() { await Peer.linger(socket) }
    }

    private func send(_ response: Response, _ stream: StreamBuffer?) {
        conversation.enter(.answered(Conversation.Reply(response: response, stream: stream)))
        wake()
    }

    private func report(_ failure: any Error) {
        hub.logger.error("stream failed", metadata: ["request": "\(admission.head.id)", "error": "\(failure)"])
    }

    private func log(_ response: Response, bytes: Int) {
        let seconds = conversation.started.duration(to: .now) / .milliseconds(1)
        hub.logger.info(
            "\(admission.head.method) \(admission.head.path) \(response.status)",
            metadata: [
                "request": "\(admission.head.id)", "status": "\(response.status)",
                "milliseconds": "\((seconds * 100).rounded() / 100)", "bytes": "\(bytes)",
                "client": "\(admission.head.remoteAddress ?? "unknown")",
                "complete": "\(conversation.isComplete)",
            ])
    }
}
