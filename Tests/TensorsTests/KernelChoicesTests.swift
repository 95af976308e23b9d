import Foundation
import Tensors
import Testing

@Suite(.serialized) struct KernelChoicesTests {
    private let file = FileManager.default.temporaryDirectory.appending(path: "choices-\(UUID())/kernels")
    private let shape = ConvolutionShape(
        sources: [Shape(batch: 1, channels: 4, depth: 3, height: 4, width: 5)], outputs: 6, kernel: [3, 3, 3],
        padding: [1, 1, 1])

    @Test func `a choice is measured once and remembered in the file`() throws {
        defer { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
        let engine = try Engine(threads: 1)
        let first = measured(engine)
        #expect(KernelChoices(file: file).prefersOwn(shape, order: .blocked, on: engine) == first)
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.split(separator: "\n").count == 1)
        #expect(text.hasSuffix(first ? "\town\n" : "\toneDNN\n"))
    }

    @Test func `what the file says is taken, whatever would be measured`() throws {
        defer { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
        let engine = try Engine(threads: 1)
        let measured = measured(engine)
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacingOccurrences(of: measured ? "\town" : "\toneDNN", with: measured ? "\toneDNN" : "\town")
            .write(to: file, atomically: true, encoding: .utf8)
        #expect(KernelChoices(file: file).prefersOwn(shape, order: .blocked, on: engine) == !measured)
    }

    /// A busy machine decides nothing for others, so it is asked until it has.
    private func measured(_ engine: Engine) -> Bool {
        while true {
            let choice = KernelChoices(file: file).prefersOwn(shape, order: .blocked, on: engine)
            if FileManager.default.fileExists(atPath: file.path) { return choice }
        }
    }

    @Test func `without a file to write to it is measured all the same`() throws {
        let engine = try Engine(threads: 1)
        _ = KernelChoices(file: URL(filePath: "/proc/none/kernels")).prefersOwn(shape, order: .blocked, on: engine)
    }
}
