internal import HTTP
internal import Store

extension Region {
    /// Reads `region=row,column,rows,columns` from the query; it must lie within the slice.
    init?(_ request: Request, rows: Int, columns: Int) throws(HTTPError) {
        guard let numbers = try request.query.numbers("region", ["row", "column", "rows", "columns"]) else {
            return nil
        }
        let whole = numbers.compactMap { Int(exactly: $0) }
        guard whole.count == 4, whole[0] >= 0, whole[1] >= 0, whole[2] > 0, whole[3] > 0,
            whole[0] <= rows - whole[2], whole[1] <= columns - whole[3]
        else {
            throw .invalid(
                "region must be row,column,rows,columns in whole numbers within the slice's \(rows)×\(columns)",
                field: "region")
        }
        self.init(row: whole[0], column: whole[1], rows: whole[2], columns: whole[3])
    }
}
