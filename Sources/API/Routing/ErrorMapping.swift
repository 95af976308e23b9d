internal import Exchange
internal import Foundation
internal import HTTP
internal import Jobs
internal import Store
internal import Training
internal import Volumes

/// Translates errors of the layers below for clients; those that a client can't resolve stay 500 without details.
enum ErrorMapping {
    static func of(_ error: any Error) -> HTTPError? {
        switch error {
        case let error as HTTPError: error
        case let error as StoreError: of(error)
        case let error as VolumeError: of(error)
        case let error as JobError: of(error)
        case let error as TrainingError: of(error)
        case let error as ExchangeError: of(error)
        case CocoaError.fileWriteOutOfSpace: noSpace
        case let error as IOError where error.isFull: noSpace
        case let error as IOError where error.isOutOfFiles: .outOfFiles
        default: nil
        }
    }

    private static func of(_ error: StoreError) -> HTTPError? {
        switch error {
        case .notFound: .notFound(error.description)
        case .conflict: .conflict(error.description)
        case .constraint: .invalid(error.description)
        case .full: noSpace
        case .busy: HTTPError(503, error.description, headers: ["Retry-After": "5"])
        case .gone:
            HTTPError(
                503, "the server's data folder is gone, so nothing can be stored; tell its operator",
                headers: ["Retry-After": "30"])
        case .folderInUse, .newerSchema, .editedMigration, .corrupt, .failed: nil
        }
    }

    private static func of(_ error: VolumeError) -> HTTPError? {
        switch error {
        case .unknownFormat(let detail): HTTPError(415, detail)
        case .malformed(let detail): .malformed(detail)
        case .unsupported(let detail): .invalid(detail)
        case .tooLarge(let detail): HTTPError(413, detail)
        case .misplaced:
            .conflict(
                "\(error); save the labels on the volume's grid, or add ignore-place=true to take voxel for voxel as "
                    + "they are stored", field: "ignore-place")
        case .unmappedLabel: .invalid(error.description, field: "values")
        case .full: noSpace
        case .remote(let detail): HTTPError(502, detail, field: "from", headers: ["Retry-After": "30"])
        case .io: nil
        }
    }

    /// Nothing of the call was stored; deleting volumes, models or projects frees space.
    private static var noSpace: HTTPError {
        HTTPError(
            507, "the server's disk has no space left for this; delete what you don't need, or ask its operator")
    }

    private static func of(_ error: JobError) -> HTTPError? {
        switch error {
        case .malformed(let detail): .malformed(detail)
        case .invalid(let field, _): .invalid(error.description, field: field)
        case .failed(let detail): HTTPError(500, detail)
        case .busy: HTTPError(503, error.description, headers: ["Retry-After": "5"])
        }
    }

    private static func of(_ error: TrainingError) -> HTTPError {
        switch error {
        case .invalid(let field, _): .invalid(error.description, field: field)
        case .nothingToLearn, .mismatch, .diverged: .invalid(error.description)
        }
    }
    private static func of(_ error: ExchangeError) -> HTTPError {
        switch error {
        case .invalid(let field, _): .invalid(error.description, field: field)
        case .inexpressible(let detail): .invalid(detail, field: "format")
        case .misfit(let detail): .invalid(detail, field: "body")
        }
    }
}
