internal import HTTP
internal import Jobs
internal import Store
internal import Training

/// The scores of a prediction: on the training labels, on held-out slices, and on the dense truth.
struct ReportRoutes: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/projects/{project}/volumes/{volume}/report",
                "IoU, Dice and confusion of a prediction; for training labels, held-out slices and dense truth.",
                query: [API.modelParameter, TableFormat.parameter], answers: [Self.answer], answer: report)
        ]
    }

    private static let answer: Endpoint.Answer = {
        var answer = Endpoint.Answer(200, "The report")
        answer.content = TableFormat.content(.json("Report"))
        return answer
    }()

    private func report(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let format = try TableFormat.wanted(request)
        let prediction = try await api.prediction(of: volume, in: project, request)
        let report = try await api.predictions.report(on: volume, prediction)
        let response =
            switch format {
            case .json: try Response.json(report)
            case .md: format.response(report.markdown(volume: volume.name))
            case .csv: format.response(report.csv(volume: volume.name))
            }
        return response.made(by: prediction.modelName)
    }
}
