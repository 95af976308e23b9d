package import HTTP
internal import Store
package import Volumes

/// The doors of the API that understand what requests bring, for whoever is outside of it.
package enum Uploads {
    private static let classes = ["background", "cell, dividing", "7"]

    /// The body of a project.
    package static func project(_ body: [UInt8]) throws {
        let project = try ProjectRequest(body: body)
        guard (1...255).contains(project.classes.count) else { fatalError("a project has too many classes") }
        guard project.classes.allSatisfy({ Color(hex: $0.color) != nil }) else { fatalError("a class has no colour") }
    }

    /// A slice of 6×7 voxels, or the part of it that the query names, as class indices.
    package static func slice(_ request: Request) throws {
        let region = try Region(request, rows: 6, columns: 7)
        _ = try request.axis()
        let place = SliceBody.Place(rows: region?.rows ?? 6, columns: region?.columns ?? 7, name: "the slice")
        let mapping = try ClassMapping(classes: classes, values: request.query.first("values"))
        let values = try SliceBody.values(request.body.bytes(), contentType: request.contentType, for: place)
        let labels = try mapping.classes(of: values, columns: place.columns)
        guard labels.count == place.rows * place.columns, labels.allSatisfy({ $0 < 3 || $0 == 255 }) else {
            fatalError("\(labels) are no labels of 3 classes")
        }
    }

    /// What a query says of the file that comes with it.
    package static func hints(_ request: Request) throws -> VolumeHints { try VolumeHints(request) }

    /// What a query makes of the values of a label file.
    package static func mapping(_ request: Request) throws -> LabelMapping {
        try ClassMapping(classes: classes, values: request.query.first("values")).labels
    }
}
