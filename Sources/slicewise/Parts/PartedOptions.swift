internal import ArgumentParser
internal import Tensors
internal import Volumes

/// What `slicewise predict` can be told where it writes an OME-Zarr.
struct PartedOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Predict one of several parts, counted from 1, and nothing else: 3/64.", valueName: "number/count"))
    var part: String?

    @Flag(help: "Measure the image, which each part does otherwise if nobody did, and predict nothing.")
    var prepare = false

    @Flag(help: "Check that all parts are there, and make of them an OME-Zarr with coarser levels.")
    var finish = false

    @Flag(help: "Predict what is there already, too.")
    var again = false

    @Option(
        name: .customLong("with"),
        help: ArgumentHelp("Images beside the labels: probability, uncertainty or both.", valueName: "names"))
    var images: String?

    @Option(
        help: ArgumentHelp(
            "Zarr's format: 2 (OME-Zarr 0.4), or 3 (0.5), which has fewer files. (default: 2)", valueName: "number"))
    var zarr: Int?

    @Option(help: ArgumentHelp("Memory for a block, in MiB: more is faster. (default: 1024)", valueName: "MiB"))
    var memory: Int?

    @Option(
        help: ArgumentHelp(
            "The instructions that all parts compute with, for machines of several kinds: avx512, avx2 or portable. "
                + "(default: the best of the machine that measures the image)", valueName: "name"))
    var instructions: String?

    /// The first of these options that was given, for a file that has none of them.
    var used: String? {
        let given: [(String, Bool)] = [
            ("part", part != nil), ("prepare", prepare), ("finish", finish), ("again", again), ("with", images != nil),
            ("zarr", zarr != nil), ("memory", memory != nil), ("instructions", instructions != nil),
        ]
        return given.first(where: \.1).map { "--\($0.0)" }
    }

    func validate() throws {
        guard [part != nil, prepare, finish].count(where: { $0 }) <= 1 else {
            throw ValidationError("--part, --prepare and --finish exclude each other: they are three steps.")
        }
        if let part { try Self.checking { _ = try PartNumber(part) } }
        try Self.checking { _ = try outputs() }
        guard zarr == nil || zarr == 2 || zarr == 3 else {
            throw ValidationError("--zarr must be 2 (OME-Zarr 0.4) or 3 (OME-Zarr 0.5).")
        }
        guard memory ?? 1024 > 0 else { throw ValidationError("--memory must be above 0.") }
        if let instructions, InstructionSet(rawValue: instructions) == nil {
            throw ValidationError("--instructions must be avx512, avx2 or portable.")
        }
    }

    private static func checking(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    /// What is written.
    func outputs() throws(CommandError) -> [PredictionOutput] {
        let names = images.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
        let known = [PredictionOutput.probability, .uncertainty]
        if let name = names.first(where: { name in !known.contains { $0.rawValue == name } }) {
            throw CommandError("--with \(name): probability, uncertainty or probability,uncertainty is expected")
        }
        return [.labels] + known.filter { names.contains($0.rawValue) }
    }

    var version: OMEZarrVersion { zarr == 3 ? .v05 : .v04 }
}
