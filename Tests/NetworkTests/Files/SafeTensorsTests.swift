import Foundation
import Network
import Tensors
import TestSupport
import Testing

@Suite struct SafeTensorsTests {
    private func checkpoint() throws -> Checkpoint {
        var generator = SeededGenerator(seed: 1)
        let network = try UNet(UNetConfiguration(classes: 2, base: 2, levels: 2), using: &generator)
        return try Checkpoint(network: network, step: 3, metadata: ["recipe": "{\"seed\": 1}"])
    }

    @Test func `a file gives back what was written`() throws {
        let written = try checkpoint()
        let read = try Checkpoint(written.encoded)
        #expect(read.configuration == written.configuration)
        #expect(read.metadata == ["recipe": "{\"seed\": 1}"])
        let again = try Checkpoint(network: try read.makeNetwork(), step: 3, metadata: read.metadata)
        #expect(again.encoded == written.encoded)
    }

    @Test func `no cut file is taken for a network`() throws {
        let whole = try checkpoint().encoded
        for length in stride(from: 0, to: whole.count, by: 97) {
            #expect(throws: NetworkError.self) { try Checkpoint(whole.prefix(length)) }
        }
    }

    @Test func `a file that tells of a larger network than it holds is refused before memory is taken`() throws {
        let found = TestFiles.fuzz.appending(path: "Found/weights/network-larger-than-its-file")
        let file = try Data(contentsOf: found)
        #expect {
            _ = try Checkpoint(file)
        } throws: {
            "\($0)".contains("does not hold")
        }
    }

    @Test func `a file with flipped bytes is refused or read, never a crash`() throws {
        let whole = try checkpoint().encoded
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<2000 {
            var broken = whole
            for _ in 0..<3 {
                broken[Int.random(in: 0..<min(3000, broken.count), using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            _ = try? Checkpoint(broken)
        }
    }

    @Test func `a header that claims more than the file holds is refused`() {
        var file = Data(repeating: 0xff, count: 8)
        file.append(Data("{}".utf8))
        #expect(throws: NetworkError.self) { try SafeTensors(file) }
    }

    @Test func `a tensor of another shape is refused by name`() throws {
        var file = try SafeTensors(try checkpoint().encoded)
        file.tensors["output.weight"]?.shape = [1, 8, 1, 1, 1]
        file.tensors["output.weight"]?.bytes.removeLast(16)
        let data = try file.encoded()
        let error = #expect(throws: NetworkError.self) { try Checkpoint(data) }
        #expect(error?.description.contains("output.weight") == true)
    }
}
