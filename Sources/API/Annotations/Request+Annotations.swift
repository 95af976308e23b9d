internal import HTTP

extension Request {
    /// The author of an annotation: the token's name, which the query can't change; without a token the query's.
    func author() throws(HTTPError) -> String? {
        if let client { return client.name }
        guard let author = head.query.text("author") else { return nil }
        // Counted like in SQL: a combining accent counts as a character.
        let count = author.unicodeScalars.count
        guard count <= 200 else {
            throw .invalid("author has \(count) characters; 200 are allowed", field: "author")
        }
        return author
    }

    /// A revision number from the query, if given.
    func revision(_ name: String) throws(HTTPError) -> Int64? {
        try head.query.integer(name).map(Int64.init)
    }
}
