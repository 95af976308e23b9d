internal import HTTP

/// What a request's head goes through.
enum RequestTrial {
    /// What a target means must not change when it is encoded anew.
    static func target(_ bytes: [UInt8]) {
        Parser.refusable {
            let head = try RequestHead(method: "GET", target: String(decoding: bytes, as: UTF8.self))
            for segment in head.segments {
                let again = try PercentEncoding.decode(PercentEncoding.encode(segment), of: "path")
                expect(again == segment, "a segment is another once it was encoded")
            }
            for item in head.query.items {
                _ = try? head.query.integer(item.name)
                _ = try? head.query.number(item.name)
                _ = try? head.query.flag(item.name)
            }
            try head.query.check(QueryRules(["axis", "index", "values"], filled: ["values"]))
        }
    }

    /// Each line is a field, `Name: value`.
    static func headers(_ bytes: [UInt8]) {
        var headers = Headers()
        for line in bytes.split(separator: 0x0a) {
            let halves = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
            guard halves.count == 2 else { continue }
            headers.add(String(decoding: halves[0], as: UTF8.self), String(decoding: halves[1], as: UTF8.self))
        }
        Parser.refusable {
            for method in [Method.get, .put] {
                let request = try Request(method, "/v1/projects", headers: headers)
                _ = (request.contentLength, request.contentType, request.bearerToken, request.isChunked, request.id)
                let content = Response(status: 200, headers: ["ETag": "\"a\""], body: .bytes([1, 2, 3, 4, 5]))
                let reply = Conditional.apply(to: content, for: request)
                expect([200, 206, 304, 416].contains(reply.status))
                guard case .bytes(let part) = reply.body, reply.status == 206 else { continue }
                expect((1...5).contains(part.count))
            }
        }
        for field in headers.fields { _ = field.isSound }
    }
}
