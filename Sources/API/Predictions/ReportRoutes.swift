internal import HTTP
internal import Jobs
internal import Store

/// How good a prediction is: on what was learnt from, on slices the model never saw, on the dense truth.
struct ReportRoutes: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/projects/{project}/volumes/{volume}/report",
                "IoU, Dice and confusion of a prediction; training, held-out slices and dense truth apart.",
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
