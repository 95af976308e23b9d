internal import HTTP

extension Request {
    /// The author of an annotation: from the query, or the client's name.
    func author() throws(HTTPError) -> String? {
        guard let author = head.query.text("author") else { return client?.name }
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
