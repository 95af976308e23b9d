import Network
import Testing

@Suite struct UNetConfigurationTests {
    private let paper = UNetConfiguration(channels: 3, classes: 3, base: 32, levels: 4, padding: .valid)

    /// Pools z only below the second level, and spans it only from there on.
    private let flatFirst = UNetConfiguration(
        classes: 2, levels: 3, kernels: [[1, 3, 3], [3, 3, 3], [3, 3, 3]], windows: [[1, 2, 2], [2, 2, 2]])

    @Test func `sizes that are those of all levels are no difference`() {
        let uniform = UNetConfiguration(
            classes: 2, levels: 2, kernels: [[3, 3, 3], [3, 3, 3]], windows: [[2, 2, 2]])
        #expect(uniform == UNetConfiguration(classes: 2, levels: 2))
    }

    @Test(
        arguments: [
            ([[1, 3, 3]], nil), ([[2, 3, 3], [3, 3, 3]], nil), (nil, [[2, 2]]), (nil, [[4, 2, 2]]),
            (nil, [[1, 2, 2], [2, 2, 2]]),
        ] as [([[Int]]?, [[Int]]?)])
    func `sizes that are no network's are refused`(kernels: [[Int]]?, windows: [[Int]]?) {
        let network = UNetConfiguration(classes: 2, levels: 2, kernels: kernels, windows: windows)
        #expect(throws: NetworkError.self) { try network.validate() }
    }

    @Test func `metadata gives the configuration back`() throws {
        let networks = [
            paper, flatFirst,
            UNetConfiguration(classes: 5, base: 8, levels: 2, dimensions: 2, normalization: .instance),
            UNetConfiguration(classes: 2, normalization: .none), UNetConfiguration(classes: 2, deepOutputs: 3),
        ]
        for network in networks { #expect(try UNetConfiguration(metadata: network.metadata) == network) }
    }

    @Test func `outputs of more coarser levels than there are, are refused`() {
        for count in [-1, 3] {
            #expect(throws: NetworkError.self) {
                try UNetConfiguration(classes: 2, levels: 3, deepOutputs: count).validate()
            }
        }
    }

    @Test(arguments: ["1x3x3", "3x3x3 3x3", "3x3x3 axbxc 3x3x3", "3x3x3 3x3x3 5x5x5"])
    func `metadata with sizes that make no network is refused`(text: String) {
        var metadata = flatFirst.metadata
        metadata["kernels"] = text
        #expect(throws: NetworkError.self) { try UNetConfiguration(metadata: metadata) }
    }

    @Test(arguments: ["classes", "base", "levels", "in_channels"])
    func `metadata without a number it needs is refused by name`(key: String) {
        for value in [nil, "many", "-3", "99999999999999999999"] as [String?] {
            var metadata = paper.metadata
            metadata[key] = value
            #expect(throws: NetworkError.self) { try UNetConfiguration(metadata: metadata) }
        }
    }
}
