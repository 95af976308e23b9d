internal import HTTP
internal import Store

extension Region {
    /// `region=row,column,rows,columns` of a query; it must lie in the slice.
    init?(_ request: Request, rows: Int, columns: Int) throws(HTTPError) {
        guard let numbers = try request.query.numbers("region", ["row", "column", "rows", "columns"]) else {
            return nil
        }
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
