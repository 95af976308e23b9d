internal import HTTP

extension Endpoint {
    /// The statuses of the errors that the call can answer with, as its declaration tells.
    ///
    /// What every server may do with any request is left out: 405 for methods that are no calls, 413 for bodies nobody
    /// asked for, 500, 501.
    var errors: [Int] {
        var errors: Set = [400, 503]
        if role != nil { errors.formUnion([401, 403, 429]) }
        if path.contains("{") { errors.insert(404) }
        if method != .get { errors.formUnion([409, 422, 507]) }
        if !query.isEmpty { errors.insert(422) }
        if !content.isEmpty { errors.insert(413) }
        if content.contains(where: \.isBinary) { errors.insert(415) }
        if sendsFiles { errors.formUnion([416, 507]) }
        return errors.sorted()
    }

    /// Whether it answers with what can be had in parts, and need not be sent again to those who have it.
    var sendsFiles: Bool { answers.contains { $0.content.contains(where: \.isBinary) } }
}

extension Endpoint.Content {
    var isBinary: Bool { schema == Self.binary(type).schema }
}
