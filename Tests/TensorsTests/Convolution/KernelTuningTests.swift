import Foundation
import Synchronization
import Tensors
import TestSupport
import Testing

@Suite struct KernelTuningTests {
    private let folder: TemporaryFolder
    private let file: URL
    private let shape = ConvolutionShape(
        sources: [Shape(batch: 1, channels: 4, depth: 3, height: 4, width: 5)], outputs: 6, kernel: [3, 3, 3],
        padding: [1, 1, 1])

    init() throws {
        folder = try TemporaryFolder()
        // The folder that the file lies in is made with it.
        file = folder.url.appending(path: "choices/kernels")
    }

    @Test(arguments: [true, false])
    func `a choice is measured once and remembered in the file`(own: Bool) throws {
        let engine = try Engine(threads: 1)
        let count = Atomic(0)
        let choices = KernelTuning(file: file) { _, _, _ in
            count.add(1, ordering: .relaxed)
            return own
        }
        #expect(choices.prefersOwn(shape, order: .blocked, on: engine) == own)
        #expect(choices.prefersOwn(shape, order: .blocked, on: engine) == own)
        #expect(count.load(ordering: .relaxed) == 1)
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.split(separator: "\n").count == 1)
        // What the file says is taken, whatever would be measured.
        let later = KernelTuning(file: file) { _, _, _ in !own }
        #expect(later.prefersOwn(shape, order: .blocked, on: engine) == own)
        #expect(later.prefersOwn(shape, order: .plain, on: engine) == !own)
    }

    @Test func `a machine too busy to tell keeps the own kernels and remembers nothing for others`() throws {
        let engine = try Engine(threads: 1)
        let choices = KernelTuning(file: file) { _, _, _ in nil }
        #expect(choices.prefersOwn(shape, order: .blocked, on: engine))
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }

    @Test func `without a file to write to, a choice holds as long as the process`() throws {
        let engine = try Engine(threads: 1)
        let choices = KernelTuning(file: URL(filePath: "/proc/none/kernels")) { _, _, _ in false }
        #expect(!choices.prefersOwn(shape, order: .blocked, on: engine))
        #expect(!choices.prefersOwn(shape, order: .blocked, on: engine))
    }

    @Test func `what the own kernels have no way for goes to the others`() throws {
        let engine = try Engine(threads: 1)
        let tall = ConvolutionShape(
            sources: [shape.sources[0]], outputs: 6, kernel: [3, 1, 3], padding: [1, 0, 1])
        #expect(KernelTuning.measured(tall, order: .blocked, on: engine) == false)
    }
}
