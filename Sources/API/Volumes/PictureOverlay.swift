internal import HTTP
internal import Store
internal import Volumes

/// What a request wants to see over the picture of a slice.
struct PictureOverlay: Sendable {
    /// Changes whenever the picture does.
    let identity: [String]
    let isOutlined: Bool
    /// The name of the model that is drawn.
    let model: String?
    let draw: @Sendable () async throws -> SliceOverlay

    static let kinds = ["annotation", "prediction", "uncertainty", "truth", "errors"]

    /// `nil` if the request asks for none.
    init?(
        _ request: Request, _ position: SlicePosition, of volume: VolumeRecord, in project: ProjectRecord, _ api: API
    ) async throws {
        let kind = try request.query.choice("overlay", of: Self.kinds)
        let isOutlined = try request.query.flag("outline") ?? false
        for (name, isGiven) in [("outline", isOutlined), ("classes", request.query.text("classes") != nil)]
        where isGiven && (kind == nil || kind == "uncertainty") {
            throw HTTPError.invalid(
                "\(name) is about labels; add overlay=annotation, prediction, truth or errors", field: name)
        }
        guard let kind else { return nil }
        let classes = try Self.classes(request, of: project)
        let colors = project.classes.enumerated().map { index, known in
            classes.contains(UInt8(truncatingIfNeeded: index)) ? Color(hex: known.color) : nil
        }
        let (store, drawing) = (api.store, api.drawing)
        let names = [kind, "\(classes.sorted())"] + project.classes.map(\.color)
        self.isOutlined = isOutlined
        switch kind {
        case "annotation":
            let current = try await store.currentAnnotations(volume: volume.id)
            identity = names + current.map { String($0.revision) }
            model = nil
            draw = {
                try await drawing.run {
                    .labels(try store.labels(of: volume).labels(slice: position), colors: colors)
                }
            }
        case "truth":
            let truth = try api.truth(of: volume)
            identity = names + ["\(truth)"]
            model = nil
            draw = {
                try await drawing.run {
                    .labels(try store.source(grid: truth, cacheBytes: 0).labels(slice: position), colors: colors)
                }
            }
        case "errors":
            let truth = try api.truth(of: volume)
            let prediction = try await api.predictedSlice(request, position, of: volume, in: project)
            identity = names + ["\(truth)"] + prediction.identity
            model = prediction.model
            draw = {
                let found = try await prediction.labels()
                let wanted = try await drawing.run {
                    try store.source(grid: truth, cacheBytes: 0).labels(slice: position)
                }
                return .errors(of: found, truth: wanted, in: classes)
            }
        case "prediction":
            let prediction = try await api.predictedSlice(request, position, of: volume, in: project)
            identity = names + prediction.identity
            model = prediction.model
            draw = { .labels(try await prediction.labels(), colors: colors) }
        default:
            let prediction = try await api.predictedSlice(request, position, of: volume, in: project)
            identity = names + prediction.identity
            model = prediction.model
            draw = { .heat(try await prediction.uncertainty()) }
        }
    }

    /// The classes in the query, by name or index; by default all but the one called background, else the first.
    private static func classes(_ request: Request, of project: ProjectRecord) throws(HTTPError) -> Set<UInt8> {
        let names = project.classes.map(\.name)
        guard let text = request.query.text("classes") else {
            let background = names.firstIndex { $0.lowercased() == "background" } ?? 0
            return Set(names.indices.filter { $0 != background }.map { UInt8(truncatingIfNeeded: $0) })
        }
        var classes: Set<UInt8> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let name = String(part.drop { $0 == " " })
            let index = names.firstIndex(of: name) ?? Int(name).flatMap { names.indices.contains($0) ? $0 : nil }
            guard let index else {
                throw .invalid(
                    "\"\(name.prefix(80))\" is not a class of this project; the classes are "
                        + names.enumerated().map { "\($0.offset) (\($0.element))" }.joined(separator: ", "),
                    field: "classes")
            }
            classes.insert(UInt8(truncatingIfNeeded: index))
        }
        return classes
    }
}
