internal import HTTP
internal import Store
internal import Text
internal import Volumes

/// The target of a slice's body: a slice of a volume, or a region of it.
struct SlicePlace: Sendable {
    let rows: Int
    let columns: Int
    let isRegion: Bool
    private let position: SlicePosition
    private let extent: Extent

    init(_ position: SlicePosition, of extent: Extent, region: Region? = nil) {
        let plane = position.plane(in: extent)
        rows = region?.rows ?? plane.rows
        columns = region?.columns ?? plane.columns
        isRegion = region != nil
        self.position = position
        self.extent = extent
    }

    var pixels: Int { rows * columns }

    /// For example "the slice on axis z of this volume".
    var name: String { isRegion ? "the region" : "the slice on axis \(position.axis.rawValue) of this volume" }

    /// Throws unless a picture has the size; tells if it is transposed or that of another axis.
    func check(_ found: (rows: Int, columns: Int), _ what: String) throws(HTTPError) {
        guard found.rows != rows || found.columns != columns else { return }
        throw .invalid(
            "\(name) is \(rows)×\(columns) (rows×columns); the \(what) is \(found.rows)×\(found.columns)"
                + hint(found.rows, found.columns),
            field: "body")
    }

    /// The error for a body of raw bytes of another length.
    func wrongLength(_ count: Int) -> HTTPError {
        var hint = ""
        for axis in Axis.allCases where axis != position.axis && !isRegion {
            let plane = extent.slice(on: axis)
            if plane.rows * plane.columns == count { hint += self.hint(plane.rows, plane.columns) }
        }
        for width in [2, 4, 8] where count == pixels * width {
            hint += "; that is \(width) bytes for each pixel: raw bytes are one for each, wider values go as NPY"
        }
        return .invalid("\(name) is \(rows)×\(columns); the body has \(count.grouped) bytes\(hint)", field: "body")
    }

    private func hint(_ found: Int, _ foundColumns: Int) -> String {
        var hints = found == columns && foundColumns == rows ? ["is transposed"] : []
        let plane = position.plane(in: extent)
        if isRegion, plane.rows == found, plane.columns == foundColumns { hints.append("is the whole slice") }
        hints += Axis.allCases.compactMap { axis in
            let plane = extent.slice(on: axis)
            guard axis != position.axis || isRegion, !isRegion, plane.rows == found, plane.columns == foundColumns
            else { return nil }
            return "fits axis \(axis.rawValue)"
        }
        return hints.isEmpty ? "" : "; \(found)×\(foundColumns) \(hints.joined(separator: ", or "))"
    }
}
