import Network

/// The first of two ranks, without the other one, which notes what it is asked for.
final class RecordingRanks: RankGroup {
    enum Event: Equatable {
        case began(RankExchange, Int)
        case advanced, finished
    }

    let rank = 0
    let count = 2
    var events: [Event] = []
    /// The number of values that were to be added up.
    private(set) var sums = 0
    /// How often values were others at the end than when they were sent.
    private(set) var changed = 0
    private var sent: [(values: UnsafeMutableBufferPointer<Float>, then: [Float])] = []

    func begin(_ exchange: RankExchange, _ values: UnsafeMutableBufferPointer<Float>) {
        events.append(.began(exchange, values.count))
        guard case .sum = exchange else { return }
        sums += values.count
        sent.append((values, Array(values)))
    }

    func advance() { events.append(.advanced) }

    func leave() {}

    func finish() {
        events.append(.finished)
        changed += sent.count { !$0.values.elementsEqual($0.then) { $0.bitPattern == $1.bitPattern } }
        sent = []
    }
}
