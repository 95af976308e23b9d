internal import HTTP
internal import Jobs
internal import Store

/// The scores of a prediction: on the training labels, on held-out slices, and on the dense truth.
struct ReportRoutes: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/projects/{project}/volumes/{volume}/report",
                "IoU, Dice and confusion of a prediction; for training labels, held-out slices and dense truth.",
                query: [.text("model", "The model's name; the newest by default")],
                answers: [.init(200, "The report", .json("Report"))]
            ) { request in
                let (project, volume) = try await api.volume(request)
                let prediction = try await api.prediction(of: volume, in: project, request)
                return try .json(try await api.predictions.report(on: volume, prediction))
            }
        ]
    }
}
