/// What follows the last step of a training: how much of it is done, and how long the rest takes.
struct TrainingEnding {
    /// The seconds of the training at its begin.
    let start: Double
    /// The seconds that it was expected to take, without what follows the result.
    let expected: Double
    /// What there is to do, and what is done, in steps as they were reckoned.
    let cost: Double
    var done = 0.0

    /// The estimated seconds left: as expected at first, more and more by what the part that is done took.
    func left(at seconds: Double) -> Double {
        let rest = cost > 0 ? max(1 - done / cost, 0) : 0
        return rest * (rest * expected + max(seconds - start, 0))
    }
}
