internal import Foundation
internal import HTTP
internal import JSON

/// Says of MONAI Label's calls that are not here why they aren't, and what to use in their place.
enum MONAIRefusal {
    /// Words in paths below `/monai/{project}`, with the reason; the first that occurs counts.
    private static let reasons: KeyValuePairs<String, String> = [
        "scoring": "scoring is not supported: see /v1/projects/NAME/volumes/NAME/report",
        "batch": "batch inference is not supported: POST {\"kind\":\"predict\"} to /v1/projects/NAME/jobs",
        "model": "weights are not handed out here, nor taken: see /v1/projects/NAME/models/NAME/weights",
        "dataset": "an archive of the data set is not supported: fetch images and labels one by one",
        "wsi": "whole slide images are not supported", "wsi_v2": "whole slide images are not supported",
        "proxy": "this server is no proxy for DICOMweb; upload volumes, as NIfTI for instance",
        "ohif": "OHIF is not supported, since it needs DICOMweb; the first page of the server is one to annotate with",
        "gpu": "there is no GPU to tell of",
        "updatelabelinfo": "nothing is kept about a label but its voxels; classes are those of the project",
        "info": "nothing is kept about an image or a label but its voxels; classes are those of the project",
        "reload": "there is nothing to reload",
    ]

    /// Puts the reason into answers to calls that are not there.
    @Sendable static func explain(
        _ request: Request, _ next: @Sendable (Request) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request)
        guard [404, 405].contains(response.status), request.segments.first == "monai", request.segments.count > 2,
            case .bytes(let bytes) = response.body, response.headers["Content-Type"] == "application/problem+json",
            let problem = try? JSONValue(json: Data(bytes)), case .string(let detail) = problem["detail"],
            detail.hasPrefix("There is nothing at ") || response.status == 405,
            let reason = reasons.first(where: { request.segments.dropFirst(2).contains($0.key) })?.value
        else { return response }
        var headers = response.headers
        headers["Content-Type"] = nil
        headers["Content-Length"] = nil
        return Response(HTTPError(response.status, reason, headers: headers))
    }
}
