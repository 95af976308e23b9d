import Foundation
import HTTP
import JSON
import TestSupport
import Testing

/// Files of DICOM by the interface.
@Suite struct DICOMUploadTests {
    static let place = "/v1/projects/p/volumes/v"

    @Test func `a file becomes a volume, and is refused as labels with what would be right`() async throws {
        let fixture = try APIFixture()
        #expect(try await fixture(.put, "/v1/projects/p", #"{"classes":[{"name":"a"},{"name":"b"}]}"#).status == 201)
        let file = [UInt8](try Data(contentsOf: TestFiles.fuzz.appending(path: "Corpus/dicom/slice.dcm")))
        let trial = try await fixture(.put, "\(Self.place)?dry-run=true", file)
        #expect(trial.json["format"].string == "dicom", "\(trial.text)")
        let put = try await fixture(.put, Self.place, file)
        #expect(put.status == 201, "\(put.text)")
        #expect(put.json["dtype"].string == "int16" && put.json["shape"]["y"].number == 4)
        #expect(put.json["spacing"]["unit"].string == "millimeter")
        for kind in ["truth", "annotations"] {
            let refused = try await fixture(.put, "\(Self.place)/\(kind)", file)
            #expect(
                refused.status == 422 && refused.detail.contains("labels are not taken from DICOM"), "\(refused.text)")
        }
        let other = try await fixture(.put, "/v1/projects/p/volumes/w?dataset=1.2", file)
        #expect(other.status == 422 && other.detail.contains("1.2.3 (\"thorax\", 1 slice of 3 × 4)"), "\(other.text)")
    }
}
