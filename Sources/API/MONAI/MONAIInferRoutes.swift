internal import Foundation
internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// Predictions as clients of MONAI Label ask for them.
struct MONAIInferRoutes: Sendable {
    let api: API

    private static let outputs = ["all", "image", "json", "dicom_seg"]
    /// Parameters of interactive models, which there are none of.
    private static let interactive = ["foreground", "background", "roi", "slice", "label"]

    var endpoints: [Endpoint] {
        var infer = Endpoint(
            .post, "\(API.monai)/infer/{model}", "The prediction of an image, made unless it is there.", role: .viewer,
            query: [
                .text("image", "The volume's name; without it the form has the image"),
                .text("session_id", "A session's name, which goes before image"),
                .text("output", "all (the default: a form with params and image), image or json"),
            ],
            policy: MONAIForm.policy(api),
            content: [
                .form([
                    "params": OpenAPI.text(
                        "A JSON object; result_extension in it is .nii.gz (the default), .nii, .nrrd, .mha or .seg.nrrd"
                    ),
                    "file": OpenAPI.file("The image, if the query names none"),
                    "label": OpenAPI.file("Scribbles: not supported"),
                ])
            ],
            answers: [
                .init(
                    200, "Parameters and labels, or one of them",
                    .init(
                        type: "multipart/form-data",
                        schema: OpenAPI.form([
                            "params": OpenAPI.text("A JSON object; label_names in it has the value of each class"),
                            "image": OpenAPI.file("The labels, uint8"),
                        ])), .json("MONAIParameters"), .binary("application/octet-stream"))
            ], answer: infer)
        infer.isBodyOptional = true
        return [infer]
    }

    /// What of a prediction a client wants, and how.
    private struct Wish {
        var output: String
        var format: VolumeFormat

        init(_ request: Request, _ form: MONAIForm, _ labels: MONAILabels) throws(HTTPError) {
            output = try request.query.choice("output", of: MONAIInferRoutes.outputs) ?? "all"
            guard output != "dicom_seg" else {
                throw .invalid("DICOM segmentations are not supported; leave output out for NIfTI", field: "output")
            }
            let ending = form.parameters.text("result_extension") ?? ".nii.gz"
            guard let format = API.monaiFormats.first(where: { ".\($0.fileExtension)" == ending }) else {
                throw .invalid(
                    "\"\(ending.prefix(40))\" is not supported; result_extension is .nii.gz, .nii, .nrrd, .mha or .seg.nrrd",
                    field: "result_extension")
            }
            self.format = format
            let type = form.parameters.text("result_dtype") ?? "uint8"
            guard type == "uint8" else {
                throw .invalid("labels are uint8; result_dtype can't be \"\(type.prefix(40))\"", field: "result_dtype")
            }
            // Points may go by the names of classes.
            for name in MONAIInferRoutes.interactive + labels.classes.map(\.name) {
                switch form.parameters[name] {
                case .null, .string(""), .array([]), .object([:]): break
                default:
                    throw .invalid(
                        "\"\(name.prefix(80))\" is for models that are led by points or boxes, and there are none; "
                            + "correct the segments and submit them", field: name)
                }
            }
            let tag = form.parameters.text("label_tag") ?? "original"
            guard form.parameters["save_label"] != true || tag == "original" else {
                throw .invalid(
                    "predictions are kept under the tag original, not \"\(tag.prefix(40))\"; submit labels that shall "
                        + "be learned from", field: "label_tag")
            }
        }
    }

    private func infer(_ request: Request) async throws -> Response {
        let start = ContinuousClock.now
        let project = try await api.project(request)
        let labels = try MONAILabels(project)
        let form = try MONAIForm(request, api)
        let wish = try Wish(request, form, labels)
        guard try form.file("label") == nil else {
            throw HTTPError.invalid("scribbles are not supported; submit them as labels, and train", field: "label")
        }
        let model = try await api.monaiModel(request.parameter("model"), of: project)
        let inference = MONAIInference(api: api, project: project, model: model)
        if let volume = try await named(request, in: project) {
            let prediction = try await inference.prediction(of: volume, for: request)
            return try await answer(wish, prediction, of: volume, labels, model, since: start)
        }
        guard let file = try form.file("file") else {
            throw HTTPError.invalid(
                "there is no image; name it in the query (image=NAME), or send it in the form (file)", field: "image")
        }
        try request.client?.demand(.trainer, in: project.name)
        let lifetime = MONAISessionRoutes.lifetime
        let (_, volume) = try await api.monaiSession(file, of: project, lifetime: lifetime)
        let answered: Result<Response, any Error>
        do {
            let prediction = try await inference.prediction(of: volume, for: request)
            answered = .success(try await answer(wish, prediction, of: volume, labels, model, since: start))
        } catch {
            answered = .failure(error)
        }
        // In a task of its own, for this one may be cancelled; else it goes when its time is over.
        try? await Task { try await api.monaiRemove(volume, of: project) }.value
        return try answered.get()
    }

    /// The volume that the query names; `nil` if it names none.
    private func named(_ request: Request, in project: ProjectRecord) async throws -> VolumeRecord? {
        if let session = request.query.text("session_id") {
            return try await api.monaiSession(named: session, of: project).volume
        }
        guard let name = request.query.text("image") else { return nil }
        return try await api.store.volume(project: project.id, name: name)
    }

    private func answer(
        _ wish: Wish, _ prediction: PredictionRecord, of volume: VolumeRecord, _ labels: MONAILabels,
        _ model: ModelRecord, since start: ContinuousClock.Instant
    ) async throws -> Response {
        let seconds = start.duration(to: .now) / .seconds(1)
        let parameters: JSONValue = [
            "label_names": labels.names(of: model.classes.count), "model": .string(model.name),
            "image": .string(volume.name), "latencies": ["total": .number(seconds)],
        ]
        guard wish.output != "json" else { return .json(parameters).made(by: model.name) }
        let export = try await api.monaiFile(prediction, of: volume, labels, as: wish.format)
        // Clients put it into a folder that others may share.
        let name = "\(volume.name)-\(UUID().uuidString.prefix(8).lowercased()).\(wish.format.fileExtension)"
        if wish.output == "image" {
            return try .file(
                export.url, contentType: "application/octet-stream", etag: export.tag, filename: name
            ).made(by: model.name)
        }
        let scratch = try api.scratchFolder()
        return try await api.work.run {
            try MONAIReply(parameters, file: export.url, name: name).response(scratch: scratch)
        }.made(by: model.name)
    }
}
