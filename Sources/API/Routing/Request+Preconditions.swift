internal import HTTP
internal import Volumes

extension Endpoint {
    /// The function that answers; a change that can't be made conditional, or repeated, is refused if it is to be.
    var heedingConditions: @Sendable (Request) async throws -> Response {
        guard method != .get, !isConditional else { return answer }
        return { [self] request in
            guard !isUnrepeatable || request.headers[Idempotency.header] == nil else {
                throw HTTPError.malformed(
                    "the answer of \(method.rawValue) \(request.path) has a secret and is not stored; leave "
                        + "\(Idempotency.header) out, and revoke what a lost answer has made", field: Idempotency.header
                )
            }
            guard !request.isConditional else {
                throw HTTPError.malformed(
                    "\(method.rawValue) \(request.path) can't be made conditional; leave If-Match and If-None-Match out"
                )
            }
            return try await answer(request)
        }
    }
}

/// `If-Match` and `If-None-Match` of a change (RFC 9110, 13.1).
extension Request {
    /// Whether the client makes the change conditional.
    var isConditional: Bool { head.headers["If-Match"] != nil || head.headers["If-None-Match"] != nil }

    /// Throws 412 unless what is to be changed is in a state that the client expects.
    ///
    /// `tags` are the entity tags of all representations of it; none where it isn't there.
    func demand(_ tags: @autoclosure () -> [String], of what: String) throws(HTTPError) {
        guard isConditional else { return }
        let plain = tags().map { EntityTag($0) }
        let current = plain + plain.flatMap { tag in ContentCoding.allCases.map { Compression.tag(tag, $0) } }
        if head.headers["If-Match"] != nil {
            let expected = EntityTags(parsing: head.headers.all("If-Match"))
            guard current.contains(where: { expected.containsSame($0) }) else {
                throw HTTPError(
                    412,
                    plain.isEmpty
                        ? "\(what) is not there, and If-Match asks for one that is"
                        : "\(what) has changed since: it is not the one that If-Match names; GET it again")
            }
        }
        if head.headers["If-None-Match"] != nil, current.contains(where: { head.knownTags.contains($0) }) {
            throw HTTPError(412, "\(what) is there already, and If-None-Match asks for one that is not")
        }
    }
}
