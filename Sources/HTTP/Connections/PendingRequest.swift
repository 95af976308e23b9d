internal import Logging

/// A request whose connection is suspended until it is answered.
struct PendingRequest: Sendable {
    let admission: Responder.Admission
    let body: BodyReceiver
    let state: RequestState
    let dispatcher: RequestDispatcher
    /// Resumes the connection, which then sends the reply in `state`.
    let wake: @Sendable () -> Void

    /// Computes the reply and waits until it is sent.
    func answer() async {
        var response = await Client.$current.withValue(Client { state.isClientGone }) {
            await dispatcher.responder.answer(admission, body: Result { try body.finish() })
        }
        body.release()
        if state.isRefusedEarly || dispatcher.isStopping { response.headers["Connection"] = "close" }
        var buffer: StreamBuffer?
        if case .stream(let stream) = response.body, admission.head.method != Method.head.rawValue {
            let chunks = StreamBuffer(wakeSender: wake)
            buffer = chunks
            send(response, chunks)
            let failure = await stream.pump(into: chunks) { dispatcher.isStopping || state.isClientGone }
            if let failure { report(failure) }
        } else {
            send(response, nil)
        }
        await state.waitForEnd()
        let isHead = admission.head.method == Method.head.rawValue
        complete(response, sent: isHead ? 0 : buffer?.sent ?? response.body.count ?? 0)
    }

    private func send(_ response: Response, _ stream: StreamBuffer?) {
        state.enter(.answered(RequestState.Reply(response: response, stream: stream)))
        wake()
    }

    private func report(_ failure: any Error) {
        dispatcher.logger.error("stream failed", metadata: ["request": "\(admission.head.id)", "error": "\(failure)"])
    }

    private func complete(_ response: Response, sent: Int) {
        let completion = Completion(
            head: admission.head, status: response.status, received: body.count, sent: sent,
            seconds: state.started.duration(to: .now) / .seconds(1), isComplete: state.isComplete)
        dispatcher.metrics.record(completion)
        dispatcher.logger.info("request", metadata: completion.metadata)
    }
}

extension Completion {
    fileprivate var metadata: Logger.Metadata {
        var fields: Logger.Metadata = [
            "request": "\(head.id)", "peer": "\(head.remoteAddress ?? "unknown")", "method": "\(head.method)",
            "path": "\(head.maskedPath ?? head.path)", "status": "\(status)", "bytes": "\(sent)",
            "ms": "\((seconds * 100_000).rounded() / 100)",
        ]
        if let principal = head.principal { fields["token"] = "\(principal.name)" }
        if received > 0 { fields["received"] = "\(received)" }
        if !isComplete { fields["complete"] = "false" }
        return fields
    }
}
