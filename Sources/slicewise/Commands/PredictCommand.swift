internal import ArgumentParser
internal import Foundation
internal import Network
internal import Tensors
internal import Text
internal import Training
internal import Volumes

/// `slicewise predict`: a dense segmentation of an image file.
struct PredictCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Segment a volume in a file with a trained model.",
        discussion: """
            The files are written in the formats of their names' endings, with the image's grid and affine: labels as \
            uint8, probabilities as float32 with a channel per class, uncertainty as float32 (entropy from 0 to 1).

            Example: slicewise predict --model a.safetensors --image b.nii.gz --out b-labels.nii.gz

            Where both the image and what is written are OME-Zarrs in folders, volumes may be larger than any memory or \
            disk of this machine: they are read and written block by block, and many processes can do a part each. A \
            process that is stopped (status 75) or killed goes on when it is started again.

            Example: slicewise predict --model a.safetensors --image b.ome.zarr --out b-labels.ome.zarr --part 3/64
            """)

    @Option(help: ArgumentHelp("The model, a safetensors file.", valueName: "file"))
    var model: String

    @Option(help: ArgumentHelp("The image volume.", valueName: "file"))
    var image: String

    @OptionGroup var images: ImageOptions

    @Option(
        help: ArgumentHelp("The label file to write, or the folder of an OME-Zarr: NAME.ome.zarr.", valueName: "file"))
    var out: String

    @OptionGroup(title: "Options for an OME-Zarr (--out NAME.ome.zarr)") var parted: PartedOptions

    @Option(help: ArgumentHelp("A file to write the probability of every class to.", valueName: "file"))
    var probability: String?

    @Option(help: ArgumentHelp("A file to write the uncertainty to.", valueName: "file"))
    var uncertainty: String?

    @Option(help: "Threads. (default: every core)")
    var threads: Int?

    /// Whether an OME-Zarr is to be written.
    private var isZarr: Bool { URL(filePath: out).pathExtension.lowercased() == "zarr" }

    func validate() throws {
        if isZarr, let option = probability.map({ _ in "probability" }) ?? uncertainty.map({ _ in "uncertainty" }) {
            throw ValidationError(
                "--\(option) names a file; in an OME-Zarr images are beside the labels: --with \(option).")
        }
        if !isZarr, let option = parted.used {
            throw ValidationError("\(option) is for an OME-Zarr; --out NAME.ome.zarr writes one, \(out) is none.")
        }
    }

    func run() async throws {
        if isZarr {
            let prediction = PartedPrediction(
                model: model, image: image, hints: images.hints, out: out, threads: threads, options: parted)
            return try prediction.run()
        }
        let outputs = [out, probability, uncertainty].compactMap(\.self)
        for path in outputs {
            try OutputPlace.check(file: path)
            _ = try VolumeFile(path).format()
        }
        let checkpoint = try FileTraining.model(model)
        let source = try images.open(image)
        let predictor = try Predictor(
            model: checkpoint, recipe: try FileTraining.recipe(storedWith: checkpoint), engine: Engine(threads: threads)
        )
        let classes = checkpoint.configuration.classes
        let labels = try SpooledVolume(header: source.header.with(element: .uint8))
        let probabilities = try probability.map { _ in
            try SpooledVolume(header: source.header.with(element: .float32, channels: classes))
        }
        let entropies = try uncertainty.map { _ in try SpooledVolume(header: source.header.with(element: .float32)) }
        let progress = ProgressLine()
        let start = ContinuousClock.now
        let signals = StopSignals()
        let finished = try predictor.predict(
            source, statistics: try ChannelStatistics.measure(source),
            progress: { share in
                let passed = (ContinuousClock.now - start) / .seconds(1)
                progress.show("predicting", fraction: share, eta: share > 0 ? passed / share * (1 - share) : nil)
                return signals.isStopping ? .stop : .proceed
            },
            sink: { box, tile, shares in
                labels.write(box, tile[...])
                for channel in 0..<classes {
                    probabilities?.write(
                        box, channel: channel, shares[channel * box.extent.voxels..<(channel + 1) * box.extent.voxels])
                }
                entropies?.write(box, entropy(shares, classes: classes)[...])
            })
        guard finished else { throw CommandError("stopped; nothing was written") }
        try VolumeFile(out).write(
            labels,
            look: .labels(
                Color.palette(classes), names: (0..<classes).map { "class\($0)" }))
        if let probability, let probabilities { try VolumeFile(probability).write(probabilities, look: .share) }
        if let uncertainty, let entropies { try VolumeFile(uncertainty).write(entropies, look: .share) }
        let passed = (ContinuousClock.now - start) / .seconds(1)
        progress.finish("wrote \(outputs.count.counting("file")) in \(ProgressLine.duration(passed))")
    }
}
