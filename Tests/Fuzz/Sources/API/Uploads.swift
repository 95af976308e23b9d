internal import Foundation
package import HTTP
internal import Store
package import Volumes

/// The doors of the API that understand what requests bring, for whoever is outside of it.
package enum Uploads {
    private static let classes = ["background", "cell, dividing", "7"].map { ClassRecord(name: $0, color: "#e69f00") }

    /// The body of a project.
    package static func project(_ body: [UInt8]) throws {
        let project = try ProjectRequest(body: body)
        guard let classes = project.classes else { return }
        guard (1...255).contains(classes.count) else { fatalError("a project has too many classes") }
        guard classes.allSatisfy({ Color(hex: $0.color) != nil }) else { fatalError("a class has no colour") }
    }

    /// A slice of 6×7 voxels, or the part of it that the query names, as class indices.
    package static func slice(_ request: Request) throws {
        let region = try Region(request, rows: 6, columns: 7)
        _ = try request.axis()
        let place = SlicePlace(SlicePosition(.z, 0), of: Extent(z: 5, y: 6, x: 7), region: region)
        let mapping = try ClassMapping(classes: classes, values: request.query.first("values"))
        let picture = try SliceBody.picture(
            request.body.bytes(), contentType: request.contentType, for: place,
            scratch: FileManager.default.temporaryDirectory)
        let labels = try mapping.labels(of: picture, in: place.name).labels
        guard labels.count == place.pixels, labels.allSatisfy({ $0 < 3 || $0 == 255 }) else {
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
