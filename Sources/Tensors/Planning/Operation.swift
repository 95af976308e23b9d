/// An entry of a plan, which runs on fixed buffers any number of times, without allocating.
package protocol Operation: AnyObject {
    /// The kind of operation for tables of times, such as "convolution forward".
    var kind: String { get }
    /// The algorithm, such as "winograd 4×4×4"; nil if there is only one.
    var algorithm: String? { get }
    /// Multiplications and additions of one run by the direct algorithm; 0 if not applicable.
    var arithmetic: Int { get }
    /// The buffers of the arena that it reads or writes.
    var buffers: [Buffer] { get }
    /// Called after the arena has been allocated, and before a run if its memory has moved.
    func prepare() throws(EngineError)
    func run() throws(EngineError)
}

extension Operation {
    package var algorithm: String? { nil }
    package var arithmetic: Int { 0 }
    package func prepare() throws(EngineError) {}
}
