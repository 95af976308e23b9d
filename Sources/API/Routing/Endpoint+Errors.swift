internal import HTTP

extension Endpoint {
    /// The error statuses that the call can answer with, derived from its declaration.
    ///
    /// Errors that any path can answer with are left out: 405 for other methods, 413 for bodies that the call does not
    /// take, 500, 501.
    var errors: [Int] {
        var errors: Set = [400, 503]
        if role != nil { errors.formUnion([401, 403, 429]) }
        if path.contains("{") { errors.insert(404) }
        if takesRest { errors.insert(410) }
        if method != .get { errors.formUnion([409, 422, 507]) }
        if isConditional { errors.insert(412) }
        if !query.isEmpty { errors.insert(422) }
        if !content.isEmpty { errors.insert(413) }
        if content.contains(where: { $0.isBinary || $0.isForm }) { errors.insert(415) }
        if sendsFiles { errors.formUnion([416, 507]) }
        return errors.union(furtherErrors).sorted()
    }

    /// Whether its answers support ranges and conditional requests.
    var sendsFiles: Bool { answers.contains { $0.content.contains(where: \.isBinary) } }
}

extension Endpoint.Content {
    var isBinary: Bool { schema == Self.binary(type).schema }
    var isForm: Bool { type == "multipart/form-data" }
}
