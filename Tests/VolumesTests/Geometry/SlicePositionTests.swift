import Foundation
import Testing
import Volumes

@Suite struct SlicePositionTests {
    private let extent = Extent(z: 31, y: 5, x: 6)

    @Test func `a slice that a volume has not is told with those it has`() {
        #expect(
            SlicePosition(.z, 31).absence(from: extent)
                == "there is no slice 31 on axis z of this volume; the slices are 0 to 30")
        #expect(SlicePosition(.y, -1).absence(from: extent) != nil)
        for position in [SlicePosition(.z, 30), SlicePosition(.z, 0), SlicePosition(.x, 5)] {
            #expect(position.absence(from: extent) == nil)
        }
        #expect("\(SlicePosition(.z, 31))" == "slice 31 on axis z")
    }

    @Test func `the plane of a slice has the rows and columns of the other axes`() {
        #expect(SlicePosition(.y, 2).plane(in: extent) == (rows: 31, columns: 6))
        #expect(SlicePosition(.y, 2).voxels(in: extent) == 31 * 6)
        #expect(Box(slice: SlicePosition(.x, 4), of: extent).extent == Extent(z: 31, y: 5, x: 1))
    }

    @Test func `a position is its axis and its index as JSON`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = #"{"axis":"x","index":4}"#
        #expect(String(decoding: try encoder.encode(SlicePosition(.x, 4)), as: UTF8.self) == text)
        #expect(try JSONDecoder().decode(SlicePosition.self, from: Data(text.utf8)) == SlicePosition(.x, 4))
    }
}
