/// One entry of a plan: something that runs on fixed buffers, as often as wanted, without allocating.
package protocol Operation: AnyObject {
    /// What it is, for tables of times: "convolution forward".
    var kind: String { get }
    /// What it reads or writes in the arena.
    var buffers: [Buffer] { get }
    /// Called once, when the arena has been allocated.
    func prepare() throws(EngineError)
    func run() throws(EngineError)
}

extension Operation {
    package func prepare() throws(EngineError) {}
}
