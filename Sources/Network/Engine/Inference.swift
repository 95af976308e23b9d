package import Tensors

/// Prediction by a network, planned once for one input shape; a run allocates nothing.
package protocol Inference: AnyObject {
    /// N×C×Z×Y×X in host memory, plain; fill it before each run.
    var input: UnsafeMutableBufferPointer<Float> { get }

    /// N×K×Z×Y×X in host memory, valid after a run.
    var probabilities: UnsafeBufferPointer<Float> { get }

    /// Runs the prediction; returns false if `goOn`, called often with the fraction done, returned false.
    func run(while goOn: (Double) -> Bool) throws -> Bool

    /// Reads the network's present parameters again.
    func refresh() throws

    /// Runs once and returns the time of each operation.
    func profile() throws -> [OperationTime]

    /// Bytes of memory that a run uses.
    var byteCount: Int { get }
}
