internal import Foundation
internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// The images of a project, as the data store of MONAI Label.
struct MONAIImageRoutes: Sendable {
    let api: API

    private static let store = "\(API.monai)/datastore"
    private static let image = "\(store)/image"

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, Self.store, "The images with their labels, or how many there are.",
                query: [.text("output", "stats (the default), all or train")],
                answers: [
                    .init(
                        200, "What was asked for",
                        .init(type: "application/json", schema: ["description": "By output, see Documentation/API.md"]))
                ], answer: list),
            putting(Self.store), putting(Self.image), removing(Self.store), removing(Self.image),
            Endpoint(
                .get, Self.image, "The voxels of an image.",
                query: [
                    .text("image", "The volume's name"),
                    .text("check_sum", "SHA256:HEX of the file that was sent; 404 for another one"),
                ],
                answers: [API.monaiFile("The image, NIfTI")]
            ) { request in
                let (_, volume) = try await api.monaiVolume(request)
                if let sum = request.query.text("check_sum")?.lowercased(), sum != "sha256:\(volume.sha256)" {
                    throw HTTPError.notFound(
                        "the image \(volume.name) was sent as a file of another checksum, SHA256:\(volume.sha256)")
                }
                return try await api.monaiImage(request, of: volume)
            },
            Endpoint(
                .get, "\(Self.image)/info", "What is known of an image.",
                query: [.text("image", "The volume's name")],
                answers: [.init(200, "Its name, time and size", .json("MONAIParameters"))]
            ) { request in .json(Self.info(of: try await api.monaiVolume(request).volume)) },
        ]
    }

    private func putting(_ path: String) -> Endpoint {
        Endpoint(
            .put, path, "Send an image.", role: .trainer,
            query: [.text("image", "The name of the new volume; by default that of the file without its ending")],
            policy: MONAIForm.policy(api),
            content: [
                .form([
                    "file": OpenAPI.file("The image, in any format that volumes can have"),
                    "params": OpenAPI.text("A JSON object; {\"replace\": true} replaces an image with other content"),
                ])
            ],
            answers: [.init(200, "The volume's name", .json("MONAIImage"))], answer: put)
    }

    private func removing(_ path: String) -> Endpoint {
        Endpoint(
            .delete, path, "Remove an image with its labels and predictions.", role: .admin,
            query: [.text("id", "The volume's name")],
            answers: [.init(200, "An empty object", .json("MONAIParameters"))]
        ) { request in
            let (project, volume) = try await api.monaiVolume(request, by: ["id"])
            try await api.monaiRemove(volume, of: project)
            return .json([:])
        }
    }

    private func put(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        let form = try MONAIForm(request, api)
        let file = try form.required("file", what: "image")
        let name = request.query.text("image") ?? form.fileName("file").map { Self.name(of: $0) } ?? ""
        if let refusal = Name.refusal(name, of: "volume") {
            throw HTTPError.invalid(
                refusal + "; in 3D Slicer rename the volume (module Data) to \(Self.proposal(for: name))",
                field: "image")
        }
        guard MONAISession(named: name) == nil else {
            throw HTTPError.invalid("\"\(name)\" is the name of a session; choose another one", field: "image")
        }
        if form.fileName("file")?.lowercased().hasSuffix(".dcm") == true {
            throw HTTPError.invalid(
                "single DICOM slices are not taken; the volume itself is enough: leave “Include DICOM files” off",
                field: "file")
        }
        let replace = form.parameters["replace"] == true
        let (volume, _) = try await api.monaiStore(file, as: name, in: project, replace: replace)
        return .json(["image": .string(volume.name)])
    }

    /// A file's name without its ending.
    private static func name(of file: String) -> String {
        let endings = VolumeFormat.allCases.map { ".\($0.fileExtension)" } + [".tif", ".ome.tif", ".ome.tiff", ".gz"]
        let ending = endings.sorted { $0.count > $1.count }.first { file.lowercased().hasSuffix($0) }
        return String(file.dropLast(ending?.count ?? 0))
    }

    /// A valid name that is like an invalid one.
    private static func proposal(for name: String) -> String {
        let known = name.unicodeScalars.map { scalar -> Character in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isPlain || "._-".unicodeScalars.contains(scalar) ? Character(scalar) : "-"
        }
        let text = String(known.drop { "._-".contains($0) }.prefix(64))
        return text.isEmpty ? "volume-1" : text
    }

    private static func info(of volume: VolumeRecord) -> JSONValue {
        [
            "ts": .integer(Int(volume.created.timeIntervalSince1970)), "name": .string("\(volume.name).nii.gz"),
            "shape": [
                "c": .integer(volume.header.channels), "z": .integer(volume.header.extent.z),
                "y": .integer(volume.header.extent.y), "x": .integer(volume.header.extent.x),
            ], "spacing": JSONValue(volume.header.spacing), "sha256": .string(volume.sha256),
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        let volumes = try await api.monaiVolumes(of: project)
        switch try request.query.choice("output", of: ["stats", "all", "train"]) ?? "stats" {
        case "all": return .json(try await everything(in: project, volumes))
        case "train":
            let annotations = try await api.store.currentAnnotations(volumes: volumes.map(\.id))
            let place = "/monai/\(project.name)/datastore"
            return .json(
                .array(
                    zip(volumes, annotations).filter { !$0.1.isEmpty }.map { volume, _ in
                        [
                            "image": .string("\(place)/image?image=\(volume.name)"),
                            "label": .string("\(place)/label?label=\(volume.name)&tag=final"),
                        ]
                    }))
        default: return .json(try await api.monaiStatistics(of: project, volumes))
        }
    }

    private func everything(in project: ProjectRecord, _ volumes: [VolumeRecord]) async throws -> JSONValue {
        let labels = try MONAILabels(project)
        let annotations = try await api.store.currentAnnotations(volumes: volumes.map(\.id))
        let model = try await api.monaiCurrentModel(of: project)
        var objects = JSONObject()
        for (volume, current) in zip(volumes, annotations) {
            var tags = JSONObject()
            if !current.isEmpty {
                tags["final"] = ["ext": ".nii.gz", "info": MONAILabelRoutes.info(of: current, volume, labels)]
            }
            if let model, try await api.monaiPrediction(of: volume, by: model) != nil {
                tags["original"] = ["ext": ".nii.gz", "info": MONAILabelRoutes.info(of: model, volume, labels)]
            }
            objects[volume.name] = [
                "image": ["ext": ".nii.gz", "info": Self.info(of: volume)], "labels": .object(tags),
            ]
        }
        return [
            "name": .string(project.name), "description": .string(project.description), "images_dir": "",
            "labels_dir": "", "objects": .object(objects),
        ]
    }
}

extension API {
    /// The answer with a file; the second type is for made clients, which know no other than it.
    static func monaiFile(_ description: String) -> Endpoint.Answer {
        .init(200, description, .binary("application/gzip"), .binary("application/octet-stream"))
    }

    /// A volume's voxels as a file.
    func monaiImage(_ request: Request, of volume: VolumeRecord) async throws -> Response {
        let export = try await monaiFile(["image", volume.identity], of: volume, as: .niftiGzip) { [store] in
            try store.source(grid: volume.image, cacheBytes: 0)
        }
        return try .file(
            export.url, contentType: VolumeFormat.niftiGzip.contentType, etag: export.tag,
            filename: "\(volume.name).nii.gz")
    }

    /// A volume as a file, made only once.
    func monaiFile(
        _ identity: [String], of volume: VolumeRecord, as format: VolumeFormat, look: VolumeLook? = nil,
        source: @escaping @Sendable () throws -> any VoxelSource
    ) async throws -> ExportCache.Export {
        let shown = (look?.names ?? []) + (look?.colors.map(\.hex) ?? [])
        return try await exports.export(
            identity + shown, of: .volume(volume.id), fileExtension: format.fileExtension
        ) { url in
            try writeVolume(try source(), as: format, to: url, look: look)
        }
    }
}
