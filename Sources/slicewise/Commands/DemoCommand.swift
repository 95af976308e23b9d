internal import ArgumentParser
internal import Foundation
internal import Logging
internal import Volumes

/// `slicewise demo`: shows the whole annotation loop.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Show the whole annotation loop on a phantom.",
        discussion: """
            Makes a phantom (coiling tubules), starts a server on a free port of this machine, and works with it by \
            HTTP as an annotation script would: it uploads the image, posts annotated slices, trains, and fetches the \
            prediction and its report, in three rounds with more and more slices. Prints the IoU of every round on the \
            voxels that are not annotated, and writes the volumes and pictures to a folder.
            """)

    @Option(help: ArgumentHelp("Voxels of the image along each axis.", valueName: "z,y,x"))
    var size = Extent(z: 48, y: 160, x: 160)

    @Option(help: "Seconds to train in each round.")
    var seconds = 60.0

    @Option(help: ArgumentHelp("Annotated slices per axis in each round.", valueName: "counts"))
    var slices = "1,2,4"

    @Option(help: "A recipe's name: fast, default or accurate.")
    var recipe = "default"

    @Option(help: "The seed of the random numbers.")
    var seed: UInt64 = 1

    @Option(help: "Threads that train and predict. (default: every core)")
    var threads: Int?

    @Option(help: ArgumentHelp("The folder to write to.", valueName: "folder"))
    var out = "demo"

    func validate() throws {
        guard seconds > 0 else { throw ValidationError("--seconds must be above 0.") }
        guard (1...1024).contains(threads ?? 1) else { throw ValidationError("--threads must be 1 to 1024.") }
        _ = try counts()
    }

    func run() async throws {
        try OutputPlace.check(folder: out)
        let folder = URL(filePath: out, directoryHint: .isDirectory)
        let data = folder.appending(path: "data", directoryHint: .isDirectory)
        try clear(data)
        let start = ContinuousClock.now
        say("Making a phantom of \(size.text) voxels, 3 channels, seed \(seed).")
        let phantom = try Phantom(extent: size, channels: 3, seed: seed).make()
        let image = folder.appending(path: "image.nii.gz")
        let truth = folder.appending(path: "truth.nii.gz")
        try writeVolume(phantom.image, as: .niftiGzip, to: image)
        try writeVolume(phantom.truth, as: .niftiGzip, to: truth)
        try await withServer(data: data) { address in
            say("The server listens on \(address).")
            let classes = zip(Phantom.classes, Color.palette(Phantom.classes.count)).map {
                DemoWire.Project.Class(name: $0, color: $1.hex)
            }
            let demo = Demo(
                client: Client(base: address), phantom: phantom, classes: classes, folder: folder, seconds: seconds,
                recipe: recipe)
            try await demo.upload(image: image, truth: truth)
            let (rounds, annotated) = try await demo.rounds(try counts())
            let prediction = folder.appending(path: "prediction.nii.gz")
            try await demo.fetchPrediction(to: prediction)
            say("\nIoU on the voxels that are not annotated:\n\n\(demo.table(of: rounds))\n")
            let pictures = try demo.writePictures(
                annotated: annotated, prediction: try VolumeFile(prediction.path).open())
            say("Wrote to \(folder.relativePath): image.nii.gz, truth.nii.gz, prediction.nii.gz")
            say("Pictures (image, annotation, prediction, truth): \(pictures.joined(separator: ", "))")
        }
        say("Done in \(ProgressLine.duration((ContinuousClock.now - start) / .seconds(1))).")
        say("To continue with this data: slicewise serve --data \(data.relativePath)")
    }

    private func counts() throws -> [Int] {
        let numbers = slices.split(separator: ",").map { Int($0) ?? 0 }
        guard !numbers.isEmpty, numbers.allSatisfy({ $0 > 0 && $0 <= min(size.z, size.y, size.x) }) else {
            throw ValidationError("--slices must be a list like 1,2,4 of numbers up to the smallest of the sizes.")
        }
        return numbers
    }

    /// Makes the folder and removes the data of an earlier demonstration from it.
    private func clear(_ data: URL) throws {
        let manager = FileManager.default
        try manager.createDirectory(at: data, withIntermediateDirectories: true)
        guard manager.fileExists(atPath: data.appending(path: "slicewise.sqlite").path) else { return }
        try manager.removeItem(at: data)
    }

    /// Starts a server, runs the body with its address, and stops the server.
    private func withServer(data: URL, _ body: (String) async throws -> Void) async throws {
        var logger = Logger(label: "slicewise") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        var settings = try Settings.load(arguments: [], environment: [:])
        settings.http.port = 0
        settings.data.folder = data.path
        settings.training.threads = threads ?? 0
        let service = Service(settings: settings, logger: logger)
        let (addresses, continuation) = AsyncThrowingStream.makeStream(of: String.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await service.run { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            for try await address in addresses {
                defer { group.cancelAll() }
                try await body(address)
                break
            }
            group.cancelAll()
        }
    }
}
