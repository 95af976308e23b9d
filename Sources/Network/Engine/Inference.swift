package import Tensors

/// Prediction by a network, planned once for a shape of input; a run allocates nothing.
package protocol Inference: AnyObject {
    /// N×C×Z×Y×X in the memory of the host, plain; fill it before each run.
    var input: UnsafeMutableBufferPointer<Float> { get }

    /// N×K×Z×Y×X in the memory of the host, after a run.
    var probabilities: UnsafeBufferPointer<Float> { get }

    /// Runs until all is done (true) or `goOn`, asked often with the part that is done, says no.
    func run(while goOn: (Double) -> Bool) throws -> Bool

    /// Takes the network's parameters as they are now.
    func refresh() throws

    /// The seconds of each operation in one run.
    func profile() throws -> [OperationTime]

    /// Bytes of all that a run works on.
    var byteCount: Int { get }
}
