internal import HTTP
internal import Store

extension Request {
    /// Who annotates, if the query says; who asks otherwise.
    func author() throws(HTTPError) -> String? {
        guard let author = text("author") else { return visitor?.name }
        guard author.count <= 200 else {
            throw .invalid("author has \(author.count) characters; 200 are allowed", field: "author")
        }
        return author
    }

    /// The number of a revision, if the query has it.
    func revision(_ name: String) throws(HTTPError) -> Int64? {
        try head.query.integer(name).map(Int64.init)
    }

    /// One of some words, if the query has it.
    func choice(_ name: String, of known: [String]) throws(HTTPError) -> String? {
        guard let text = text(name) else { return nil }
        guard known.contains(text.lowercased()) else {
            throw .invalid(
                "\(name) must be one of \(known.joined(separator: ", ")), not \"\(text.prefix(40))\"", field: name)
        }
        return text.lowercased()
    }
}

extension Region {
    /// `region=row,column,rows,columns` of a query; it must lie in the slice.
    init?(_ request: Request, rows: Int, columns: Int) throws(HTTPError) {
        guard let numbers = try request.numbers("region", ["row", "column", "rows", "columns"]) else { return nil }
        let whole = numbers.compactMap { Int(exactly: $0) }
        guard whole.count == 4, whole[0] >= 0, whole[1] >= 0, whole[2] > 0, whole[3] > 0,
            whole[0] <= rows - whole[2], whole[1] <= columns - whole[3]
        else {
            throw .invalid(
                "region is row,column,rows,columns in whole numbers within the slice's \(rows)×\(columns)",
                field: "region")
        }
        self.init(row: whole[0], column: whole[1], rows: whole[2], columns: whole[3])
    }
}
