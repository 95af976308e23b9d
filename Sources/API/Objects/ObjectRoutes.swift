internal import Foundation
internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// What hangs together of a prediction, object by object, with sizes and places.
struct ObjectRoutes: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/projects/{project}/volumes/{volume}/objects",
                "The objects of a class in a prediction, the largest first, with their sizes and places.",
                query: [
                    .init(
                        name: "class", type: ["type": "string"],
                        description: "The class, by name, whose voxels that share faces are an object",
                        isRequired: true),
                    .integer("min-voxels", "Leaves out smaller ones; 1 by default", in: Self.sizes),
                    API.modelParameter,
                    .choice(
                        "format", of: "ObjectFormat",
                        "json by default; csv is a table; the others are label volumes whose voxels have an object's id"
                    ),
                ], answers: [Self.answer], answer: objects)
        ]
    }

    private static let sizes = 1...1_000_000_000
    /// Those of volumes; segments have 255 values at most.
    static let formats = ["json", "csv"] + VolumeFormat.allCases.filter { $0 != .segmentation }.map(\.rawValue)

    private static let answer: Endpoint.Answer = {
        var answer = API.file("The objects, or a label volume of them")
        answer.content = [.json("ObjectList"), .init(type: "text/csv", schema: ["type": "string"])] + answer.content
        return answer
    }()

    private func objects(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let format = try request.query.choice("format", of: Self.formats) ?? "json"
        let least = try request.query.integer("min-voxels", in: Self.sizes) ?? 1
        let label = try label(request, of: project)
        let prediction = try await api.prediction(of: volume, in: project, request)
        let identity = Self.identity(of: label, least: least, in: prediction)
        let name = "\(volume.name)-objects-\(project.classes[label].name)-\(prediction.modelName)"
        let store = api.store
        let find = { @Sendable in try Self.find(label, least: least, in: prediction, store) }
        guard format == "json" || format == "csv" else {
            return try await api.export(request, identity: identity, of: volume, name: name, of: find)
                .made(by: prediction.modelName)
        }
        // Found once for each prediction and size, and read from a file from then on.
        let export = try await api.exports.export(identity, of: .volume(volume.id), fileExtension: "json") { url in
            try JSONEncoder().encode(try find().objects).write(to: url)
        }
        let table = ObjectTable(
            objects: try JSONDecoder().decode([LabelObject].self, from: Data(contentsOf: export.url)),
            header: volume.header, model: prediction.modelName, label: project.classes[label].name)
        if format == "json" { return .json(table.json).made(by: prediction.modelName) }
        var response = Response.bytes(Array(table.csv.utf8), contentType: "text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = "attachment; filename=\"\(Self.plain(name)).csv\""
        return response.made(by: prediction.modelName)
    }

    /// What files of the objects of a label with at least `least` voxels are made of.
    static func identity(of label: Int, least: Int, in prediction: PredictionRecord) -> [String] {
        ["objects", prediction.identity, "\(label) \(least)"]
    }

    /// Finds them; for threads that may block.
    static func find(_ label: Int, least: Int, in prediction: PredictionRecord, _ store: Store) throws -> LabelObjects {
        try LabelObjects(
            of: UInt8(label), in: try store.source(grid: prediction.labels, cacheBytes: 0), least: least)
    }

    /// A name that a header can hold.
    private static func plain(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "_" })
    }

    /// The label of the class in the query.
    private func label(_ request: Request, of project: ProjectRecord) throws(HTTPError) -> Int {
        let names = project.classes.filter { !$0.isRemoved }.map(\.name).joined(separator: ", ")
        guard let name = request.query.text("class") else {
            throw .invalid("class is missing; it is one of \(names), as in ?class=NAME", field: "class")
        }
        guard let label = project.classes.firstIndex(where: { $0.name == name }) else {
            throw .invalid(
                "\"\(name.prefix(80))\" is not a class of the project \(project.name); its classes are \(names)",
                field: "class")
        }
        return label
    }
}
