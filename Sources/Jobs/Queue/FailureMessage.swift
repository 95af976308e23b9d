internal import Network
internal import Store
internal import Tensors
internal import Training
internal import Volumes

/// The message of a failed job for the user; it never mentions files, SQL or code.
enum FailureMessage {
    static func of(_ error: any Error) -> String {
        switch error {
        case let error as JobError: error.description
        case let error as TrainingError: error.description
        case let error as NetworkError: "\(error)"
        case let error as EngineError: "\(error)"
        case let error as StoreError: of(error)
        case VolumeError.full: noSpace
        case VolumeError.io: "image data could not be read or written; see the server's log"
        case let error as VolumeError: error.description
        default: "something went wrong inside the server; see its log"
        }
    }

    private static let noSpace = "there is no space left for the result; free some and retry the job"

    private static func of(_ error: StoreError) -> String {
        switch error {
        case .notFound, .conflict, .constraint: error.description
        case .full: noSpace
        case .gone: "the server's data folder was gone for a time; retry the job"
        default: "the database failed; see the server's log"
        }
    }
}
