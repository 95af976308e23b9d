internal import Network
internal import Tensors

final class WatchedInference: Inference {
    private let inference: any Inference
    private let told: (WatchedEngine.Pass) -> Void

    init(_ inference: any Inference, told: @escaping (WatchedEngine.Pass) -> Void) {
        self.inference = inference
        self.told = told
    }

    func run(while goOn: (Double) -> Bool) throws -> Bool {
        defer { told(.prediction) }
        return try inference.run(while: goOn)
    }

    var input: UnsafeMutableBufferPointer<Float> { inference.input }
    var probabilities: UnsafeBufferPointer<Float> { inference.probabilities }
    func refresh() throws { try inference.refresh() }
    func profile() throws -> [OperationTime] { try inference.profile() }
    var byteCount: Int { inference.byteCount }
}
