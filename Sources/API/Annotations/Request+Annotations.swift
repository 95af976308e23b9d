internal import HTTP

extension Request {
    /// Who annotates, if the query says; who asks otherwise.
    func author() throws(HTTPError) -> String? {
        guard let author = head.query.text("author") else { return client?.name }
        // Counted as SQL does: an accent may be a character of its own.
        let count = author.unicodeScalars.count
        guard count <= 200 else {
            throw .invalid("author has \(count) characters; 200 are allowed", field: "author")
        }
        return author
    }

    /// The number of a revision, if the query has it.
    func revision(_ name: String) throws(HTTPError) -> Int64? {
        try head.query.integer(name).map(Int64.init)
    }
}
