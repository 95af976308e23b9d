import Foundation
import Testing
import Volumes

@Suite struct PNGTests {
    let labels: [UInt8] = [0, 1, 2, 255, 1, 0]

    @Test func `a palette's indices are the labels`() throws {
        let bytes = try PNG.encodePalette(labels, rows: 2, columns: 3, palette: Color.palette(3))
        let read = try LabelPicture(png: bytes)
        #expect(read.rows == 2 && read.columns == 3)
        #expect(try read.values == labels)
    }

    @Test func `gray values are the labels`() throws {
        let read = try LabelPicture(png: PNG.encodeGray(labels, rows: 3, columns: 2))
        #expect(try read.rows == 3 && read.values == labels)
    }

    /// Gray with 1, 2 or 4 bits or a palette, interlaced.
    @Test(arguments: PNGSamples.readable) func `narrow pixels are values, not shades`(sample: PNGSample) throws {
        #expect(try LabelPicture(png: sample.bytes).values == sample.values)
    }

    @Test func `colours are colours, and 16 bits are one number`() throws {
        let rgb = try LabelPicture(png: PNGSamples.rgb.bytes)
        #expect(rgb.kind == .colors)
        #expect(try rgb.distinctValues() == [0x616263])
        #expect(try rgb.labels(by: LabelMapping([0x616263: 1])) == [1])
        let wide = try LabelPicture(png: PNGSamples.wide.bytes)
        #expect(try wide.distinctValues() == [0x6162])
    }

    @Test(arguments: PNGSamples.translucent) func `what is half-transparent is no label`(sample: PNGSample) throws {
        #expect {
            _ = try LabelPicture(png: sample.bytes)
        } throws: { error in
            "\(error)".contains("row 0, column 0") && "\(error)".contains("half-transparent")
        }
    }

    @Test func `a picture cut off anywhere is an error`() throws {
        let bytes = try PNG.encodeGray((0..<255).map { $0 }, rows: 15, columns: 17)
        for count in 0..<bytes.count - 12 {
            #expect(throws: VolumeError.self) { _ = try LabelPicture(png: Array(bytes[..<count])) }
        }
    }

    @Test func `flipped bits give an error or labels`() throws {
        let bytes = try PNG.encodePalette((0..<255).map { $0 }, rows: 15, columns: 17, palette: Color.palette(4))
        var random = Random(seed: 9)
        for _ in 0..<3000 {
            var changed = bytes
            changed[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            do {
                _ = try LabelPicture(png: changed)
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }

    @Test func `a size beyond the limit is refused before memory is taken`() throws {
        var bytes = try PNG.encodeGray(labels, rows: 2, columns: 3)
        bytes.replaceSubrange(16..<24, with: [0, 15, 0, 0, 0, 15, 0, 0])
        #expect {
            _ = try LabelPicture(png: bytes)
        } throws: { error in
            if case VolumeError.tooLarge = error { true } else { false }
        }
    }
}
