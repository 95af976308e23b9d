internal import API
internal import Foundation
internal import Jobs
internal import Network
internal import Training

/// One of the parsers of untrusted bytes.
enum Parser: String, CaseIterable {
    /// A file of any volume format, all that is done with it after an upload included.
    case volume
    /// What the process that reads files of HDF5 says of them, and what a sender adds.
    case hdf5
    /// What the process that reads files of DICOM says of them, and which series a sender wants.
    case dicom
    /// The documents of an OME-Zarr and what its chunks are.
    case zarr
    /// A slice's labels as PNG.
    case png
    /// A slice's labels as NPY.
    case npy
    /// A safetensors file, and the network in it.
    case weights
    /// A recipe's JSON.
    case recipe
    /// A job's JSON.
    case job
    /// A project's JSON.
    case project
    /// The body of an annotated slice with its type, region and mapping of values.
    case slice
    /// A volume with what its query says of spacing, unit, axes and values.
    case upload
    /// A request's target: path, percent-encoding, query.
    case target
    /// A form of several parts, as clients of MONAI Label send it.
    case form
    /// A request's header fields: ranges, conditions, types, tokens, lengths.
    case headers

    nonisolated(unsafe) static var chosen = Parser.volume

    /// Understands the bytes or refuses them with an error; anything else is a finding.
    func run(_ bytes: [UInt8]) {
        switch self {
        case .volume: VolumeTrial.run(bytes)
        case .hdf5: HDF5Trial.run(bytes)
        case .dicom: DICOMTrial.run(bytes)
        case .zarr: ZarrTrial.run(bytes)
        case .png: PictureTrial.png(bytes)
        case .npy: PictureTrial.npy(bytes)
        case .weights: Self.refusable { _ = try Checkpoint(Data(bytes)).configuration }
        case .recipe:
            Self.refusable {
                let recipe = try Recipe(json: Data(bytes))
                let again = try Recipe(json: JSONEncoder().encode(recipe))
                expect(again == recipe, "a recipe reads as another once it was written")
            }
        case .job:
            Self.refusable {
                let job = try JobRequest(json: Data(bytes))
                let again = try JobRequest(text: job.text())
                expect(again == job, "a job reads as another once it was written")
            }
        case .project: Self.refusable { try Uploads.project(bytes) }
        case .slice: UploadTrial.slice(bytes)
        case .upload: UploadTrial.volume(bytes)
        case .target: RequestTrial.target(bytes)
        case .form: FormTrial.run(bytes)
        case .headers: RequestTrial.headers(bytes)
        }
    }

    /// An error is an answer, and has to have words.
    static func refusable(_ work: () throws -> Void) {
        do { try work() } catch { expect(!"\(error)".isEmpty) }
    }
}

/// Ends the program with words where something is not as it must be, optimised or not.
func expect(_ condition: Bool, _ message: String = "the result is impossible") {
    if !condition { fatalError(message) }
}
