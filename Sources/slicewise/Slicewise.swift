internal import ArgumentParser

@main
struct Slicewise: AsyncParsableCommand {
    /// That of the program; workers have to have their server's.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "slicewise",
        abstract: "Turns a few annotated slices into a dense segmentation of a 3D image.",
        discussion: """
            `slicewise serve` is the annotation service: clients upload volumes and annotated slices over HTTP, a 3D \
            U-Net is trained on them in this process, and clients fetch the prediction for every voxel and its IoU \
            report. The other commands do parts of that with files, without a server.

            Start with `slicewise demo`: it shows the whole loop on an image that it makes.
            """,
        version: version,
        subcommands: [
            ServeCommand.self, BackupCommand.self, DemoCommand.self, TrainCommand.self, PredictCommand.self,
            ExportCommand.self, EvaluateCommand.self, PhantomCommand.self, ExperimentCommand.self, BenchCommand.self,
            TokenCommand.self, WorkerCommand.self,
        ])
}
