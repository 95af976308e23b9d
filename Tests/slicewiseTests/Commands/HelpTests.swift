import Testing

@Suite struct HelpTests {
    @Test func `without arguments the program says what it can do`() async throws {
        let outcome = try await Program.run("--help")
        #expect(outcome.status == 0)
        for command in [
            "serve", "demo", "train", "predict", "export", "evaluate", "phantom", "experiment", "bench", "worker",
        ] {
            #expect(outcome.output.contains("  \(command) "))
        }
    }

    @Test(arguments: [
        ("serve", "listen"), ("demo", "whole annotation loop"), ("train", "Unlabeled is not background"),
        ("predict", "safetensors"), ("export", "BioImage.IO"), ("evaluate", "IoU"), ("phantom", "seed"),
        ("experiment", "plot.svg"),
        ("bench", "--layers"), ("worker", "--token-file"),
    ])
    func `every command explains itself`(command: String, words: String) async throws {
        let outcome = try await Program.run(command, "--help")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains(words))
        #expect(outcome.errors.isEmpty)
    }

    @Test func `the preparation of patches is timed by kind`() async throws {
        let outcome = try await Program.run("bench", "--patches", "--patch", "16", "--channels", "1", "--runs", "1")
        #expect(outcome.status == 0)
        for kind in ["noise", "blur", "elastic", "rotation and scaling"] { #expect(outcome.output.contains(kind)) }
    }

    @Test func `an unknown command is a usage error with nothing on standard output`() async throws {
        let outcome = try await Program.run("segment")
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("segment"))
    }

    @Test func `the version is a plain number`() async throws {
        let outcome = try await Program.run("--version")
        #expect(outcome.output == "0.1.0\n")
    }
}
