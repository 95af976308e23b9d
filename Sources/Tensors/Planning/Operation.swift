/// One entry of a plan: something that runs on fixed buffers, as often as wanted, without allocating.
package protocol Operation: AnyObject {
    /// What it is, for tables of times: "convolution forward".
    var kind: String { get }
    /// How it does that, where there are several ways: "winograd 4×4×4".
    var algorithm: String? { get }
    /// Multiplications and additions of one run if done directly; 0 where that means nothing.
    var arithmetic: Int { get }
    /// What it reads or writes in the arena.
    var buffers: [Buffer] { get }
    /// Called once, when the arena has been allocated.
    func prepare() throws(EngineError)
    func run() throws(EngineError)
}

extension Operation {
    package var algorithm: String? { nil }
    package var arithmetic: Int { 0 }
    package func prepare() throws(EngineError) {}
}
