import Foundation
import TestSupport
import Testing

@Suite struct RankLaunchTests {
    /// A launcher's environment, and how the command says how many processes it started.
    @Test(arguments: [
        "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS",
    ])
    func `processes that were started together refuse to train apart`(variable: String) async throws {
        let folder = try TemporaryFolder()
        func train(_ environment: [String: String]) async throws -> Program.Outcome {
            try await Program.run(
                "train", "--image", folder.path("image.nii.gz"), "--labels", folder.path("sparse.nii.gz"), "--out",
                folder.path("model.safetensors"), "--steps", "1", environment: environment)
        }
        let alone = try await train([variable: "4"])
        #expect(alone.status == 1)
        #expect(alone.errors.contains("4 processes were started together"))
        #expect(alone.errors.contains("SLICEWISE_MPI"))
        let missing = try await train([variable: "4", "SLICEWISE_MPI": folder.path("libslicewise_mpi.so")])
        #expect(missing.status == 1)
        #expect(missing.errors.contains("libslicewise_mpi.so"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("model.safetensors")))
    }

    @Test func `processes that were started together for one job of a server refuse to compute it apart`() async throws
    {
        let outcome = try await Program.run(
            "worker", "--server", "http://127.0.0.1:1", "--job", "1", environment: ["SLURM_STEP_NUM_TASKS": "4"])
        #expect(outcome.status == 1 && outcome.errors.contains("4 processes were started together"))
        #expect(outcome.errors.contains("SLICEWISE_MPI"))
    }
}
