/// One event of a `text/event-stream`.
package struct ServerSentEvent: Hashable, Sendable {
    /// The value that a client sends as `Last-Event-ID` when it reconnects.
    package var id: String?
    /// The event's type; `nil` means "message".
    package var type: String?
    package var data: String

    package init(id: String? = nil, type: String? = nil, data: String) {
        self.id = id
        self.type = type
        self.data = data
    }

    /// The event's lines; line breaks in `id` and `type` are dropped, those in `data` start a new `data:` line.
    package var bytes: [UInt8] {
        var text = ""
        if let id { text += "id: \(id.filter { !$0.isNewline && $0 != "\0" })\n" }
        if let type { text += "event: \(type.filter { !$0.isNewline })\n" }
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            text += "data: \(line)\n"
        }
        return Array((text + "\n").utf8)
    }

    /// A line that clients ignore.
    package static func comment(_ text: String) -> [UInt8] { Array(": \(text)\n\n".utf8) }
}

extension Response {
    /// A stream of events; ends when the sequence ends, the client disconnects or the server shuts down.
    ///
    /// A comment is sent at once, and again whenever nothing was sent for the interval.
    package static func events<Events: AsyncSequence & Sendable>(
        _ events: Events, keepAlive interval: Duration = .seconds(15)
    ) -> Response where Events.Element == ServerSentEvent {
        .events(pages: events.map { [$0] }, keepAlive: interval)
    }

    /// A stream of events that come several at a time and are sent together.
    package static func events<Pages: AsyncSequence & Sendable>(
        pages: Pages, keepAlive interval: Duration = .seconds(15)
    ) -> Response where Pages.Element == [ServerSentEvent] {
        let keepAlive = StreamBody.KeepAlive(interval: interval, bytes: ServerSentEvent.comment("still here"))
        let body = StreamBody(keepAlive: keepAlive) { writer in
            do {
                try await writer.write(ServerSentEvent.comment("events follow"))
                for try await page in pages { try await writer.write(page.flatMap(\.bytes)) }
            } catch is CancellationError {}  // A stream of events may end at any event, so it need not be cut.
        }
        var response = Response.stream(body, contentType: "text/event-stream")
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Accel-Buffering"] = "no"
        return response
    }
}
