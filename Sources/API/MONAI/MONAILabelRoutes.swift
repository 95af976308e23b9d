internal import Foundation
internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// The labels of images as MONAI Label keeps them: `final` ones are the annotations, `original` ones the prediction.
struct MONAILabelRoutes: Sendable {
    let api: API

    private static let label = "\(API.monai)/datastore/label"
    private static let tagParameter = Endpoint.QueryParameter.text(
        "tag", "final (the annotations, default) or original (the prediction)")
    /// How often a comparison is made anew when others annotate meanwhile.
    private static let attempts = 3

    private enum Tag: String {
        case annotations = "final"
        case prediction = "original"
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, Self.label, "The labels of an image, as the values that info tells.",
                query: [
                    .text("label", "The volume's name"), .text("image", "The same, for clients that say so"),
                    Self.tagParameter,
                    .text("format", "nii.gz (the default), nii, nrrd, mha, or seg.nrrd with names and colours"),
                ],
                answers: [API.monaiFile("The labels, uint8")], answer: get),
            Endpoint(
                .put, Self.label, "Submit labels of an image: they are added to the annotations.", role: .annotator,
                query: [
                    .text("image", "The volume's name"),
                    .text("tag", "final, the default; others are refused"),
                ],
                policy: MONAIForm.policy(api),
                content: [
                    .form([
                        "label": OpenAPI.file(
                            "A label map, or segments with their names (.seg.nrrd), on the grid of the image or a part of it"
                        ),
                        "params": OpenAPI.text(
                            "A JSON object; label_info in it is a list of {\"name\": CLASS, \"idx\": VALUE}, for label maps"
                        ),
                    ])
                ],
                answers: [.init(200, "What was taken", .json("MONAISubmitted"))], answer: put),
            Endpoint(
                .delete, Self.label, "Clear the annotations of an image, as revisions.", role: .annotator,
                query: [.text("id", "The volume's name"), .text("tag", "final, the default; others are refused")],
                answers: [.init(200, "An empty object", .json("MONAIParameters"))]
            ) { request in
                let (_, volume) = try await api.monaiVolume(request, by: ["id"])
                try Self.demandFinal(request)
                _ = try await api.store.clearAnnotations(volume: volume.id, author: request.author())
                return .json([:])
            },
            Endpoint(
                .get, "\(Self.label)/info", "What is known of the labels of an image.",
                query: [.text("label", "The volume's name"), Self.tagParameter],
                answers: [.init(200, "Names and values of the classes", .json("MONAIParameters"))]
            ) { request in
                let (project, volume) = try await api.monaiVolume(request, by: ["label"])
                let labels = try MONAILabels(project)
                switch try Self.tag(request) {
                case .annotations: return .json(Self.info(of: try await annotations(of: volume), volume, labels))
                case .prediction:
                    let (model, _) = try await self.prediction(of: volume, in: project)
                    return .json(Self.info(of: model, volume, labels))
                }
            },
        ]
    }

    private static func tag(_ request: Request) throws(HTTPError) -> Tag {
        guard let name = request.query.text("tag") else { return .annotations }
        guard let tag = Tag(rawValue: name) else {
            throw .notFound(
                "there are no labels of the tag \"\(name.prefix(80))\"; the tags are final (annotations) and original "
                    + "(the prediction)")
        }
        return tag
    }

    private static func demandFinal(_ request: Request) throws(HTTPError) {
        guard let name = request.query.text("tag"), name != Tag.annotations.rawValue else { return }
        throw .invalid(
            "labels are kept as final ones only, which are learned from; \"\(name.prefix(80))\" can't be written or "
                + "removed", field: "tag")
    }

    private func get(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.monaiVolume(request, by: ["label", "image"])
        let labels = try MONAILabels(project)
        let name = request.query.text("format") ?? VolumeFormat.niftiGzip.rawValue
        guard let format = VolumeFormat(name: name), API.monaiFormats.contains(format) else {
            throw HTTPError.invalid(
                "\"\(name.prefix(40))\" is not supported; format is nii.gz, nii, nrrd, mha or seg.nrrd", field: "format"
            )
        }
        let store = api.store
        let export: ExportCache.Export
        switch try Self.tag(request) {
        case .annotations:
            let current = try await annotations(of: volume)
            // As segments all classes: the background is one, since what is unlabeled is none.
            let isSegmentation = format == .segmentation
            export = try await api.monaiFile(
                ["monai final", labels.identity] + current.identity(of: volume), of: volume, as: format,
                look: isSegmentation ? api.look(of: project) : nil
            ) {
                let indices = try store.labels(of: volume, at: current)
                let source: any VoxelSource = try isSegmentation ? indices : labels.source(indices)
                return format.namesUnits ? source : InMillimeters(source)
            }
        case .prediction:
            let (_, prediction) = try await self.prediction(of: volume, in: project)
            export = try await api.monaiFile(prediction, of: volume, labels, as: format)
        }
        return try .file(
            export.url, contentType: format.contentType, etag: export.tag,
            filename: "\(volume.name).\(format.fileExtension)")
    }

    private func annotations(of volume: VolumeRecord) async throws -> [AnnotationRecord] {
        let current = try await api.store.currentAnnotations(volume: volume.id)
        guard !current.isEmpty else {
            throw HTTPError.notFound("the image \(volume.name) has no annotations yet")
        }
        return current
    }

    private func prediction(
        of volume: VolumeRecord, in project: ProjectRecord
    ) async throws -> (model: ModelRecord, prediction: PredictionRecord) {
        let model = try await api.monaiModel("latest", of: project)
        guard let prediction = try await api.monaiPrediction(of: volume, by: model) else {
            throw HTTPError.notFound(
                "there is no prediction of \(volume.name) by the model \(model.name) yet; infer it")
        }
        return (model, prediction)
    }

    private func put(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.monaiVolume(request)
        try Self.demandFinal(request)
        let labels = try MONAILabels(project)
        let form = try MONAIForm(request, api)
        // As they call themselves, where they need no token.
        let author = request.client?.name ?? form.parameters.text("client_id").map { String($0.prefix(200)) }
        let file = try form.required("label", what: "label file")
        let scratch = try api.scratchFolder()
        let submission = try await api.work.run {
            try MONAISubmission(file, form.parameters, of: volume, labels, scratch: scratch)
        }
        let mapping = try ClassMapping(classes: project.classes)
        for _ in 0..<Self.attempts {
            let current = try await api.store.currentAnnotations(volume: volume.id)
            let comparison = LabelComparison(api: api, volume: volume, current: current, mapping: mapping)
            let slices = try await api.work.run {
                let before = try api.store.labels(of: volume, at: current)
                let (slices, difference) = try comparison.revisions(to: LabelsOver(submission.source, over: before))
                // What is stored already is no accident.
                if !difference.isEmpty, let doubt = submission.doubt { throw doubt }
                return slices
            }
            let change = try await api.store.changeAnnotations(
                volume: volume.id, slices, basis: current.map(\.revision), author: author)
            guard let change else { continue }
            return .json(Self.json(change, submission, volume, project))
        }
        throw HTTPError.conflict("others annotated the image \(volume.name) during the upload; submit once more")
    }

    private static func json(
        _ change: AnnotationChange, _ submission: MONAISubmission, _ volume: VolumeRecord, _ project: ProjectRecord
    ) -> JSONValue {
        [
            "image": .string(volume.name), "label": .string(volume.name),
            "voxels": .voxels(submission.counts, classes: project.classes),
            "axis": .optional(submission.slices?.axis.rawValue), "slices": .optional(submission.slices?.count),
            "change": change.number.map { .integer(Int($0)) } ?? .null,
        ]
    }

    /// What is known of annotations.
    static func info(of current: [AnnotationRecord], _ volume: VolumeRecord, _ labels: MONAILabels) -> JSONValue {
        var names = JSONObject()
        if case .object(let known) = labels.names() { names = known }
        var list = names.members.map { JSONValue.object(["name": .string($0.name), "idx": $0.value]) }
        list.append(["name": "unlabeled", "idx": .integer(Int(AnnotatedSlice.unlabeled))])
        return [
            "ts": .integer(Int((current.last?.created ?? volume.created).timeIntervalSince1970)),
            "name": .string("\(volume.name).nii.gz"), "label_info": .array(list),
            "client_id": .optional(current.last?.author),
        ]
    }

    /// What is known of a prediction.
    static func info(of model: ModelRecord, _ volume: VolumeRecord, _ labels: MONAILabels) -> JSONValue {
        [
            "ts": .integer(Int(model.created.timeIntervalSince1970)), "name": .string("\(volume.name).nii.gz"),
            "model": .string(model.name), "params": ["label_names": labels.names(of: model.classes.count)],
        ]
    }
}

extension API {
    /// The labels of a prediction as a file, made only once.
    func monaiFile(
        _ prediction: PredictionRecord, of volume: VolumeRecord, _ labels: MONAILabels, as format: VolumeFormat
    ) async throws -> ExportCache.Export {
        let isSegmentation = format == .segmentation
        return try await monaiFile(
            ["monai prediction", labels.identity, prediction.identity], of: volume, as: format,
            look: isSegmentation ? labels.segments : nil
        ) { [store] in
            let indices = try store.source(grid: prediction.labels, cacheBytes: 0)
            let source: any VoxelSource =
                try isSegmentation ? MappedLabels(indices, mapping: labels.segmentPlaces) : labels.source(indices)
            return format.namesUnits ? source : InMillimeters(source)
        }
    }

    /// The formats of labels for clients of MONAI Label, the usual one first.
    static let monaiFormats: [VolumeFormat] = [.niftiGzip, .nifti, .nrrd, .metaImage, .segmentation]
}

extension VolumeFormat {
    /// Whether programs on ITK see what unit a file is in.
    fileprivate var namesUnits: Bool { [.nifti, .niftiGzip].contains(self) }
}
