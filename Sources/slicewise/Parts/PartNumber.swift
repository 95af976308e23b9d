/// One of several parts of a prediction: `3/64` is the third of 64.
package struct PartNumber: Hashable {
    /// From 1.
    package let number: Int
    package let count: Int

    static let all = PartNumber(number: 1, count: 1)

    private init(number: Int, count: Int) {
        self.number = number
        self.count = count
    }

    package init(_ text: String) throws(CommandError) {
        let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let number = numbers[0], let count = numbers[1], count > 0 else {
            throw CommandError("--part \(text): two numbers are expected, as in 3/64 for the third of 64 parts")
        }
        guard (1...count).contains(number) else {
            let advice =
                number == 0
                ? "; a Slurm array of 1-\(count) counts so, one of 0-\(count - 1) needs $((SLURM_ARRAY_TASK_ID+1))" : ""
            throw CommandError(
                "--part \(text): parts are counted from 1, so that 1/\(count) to \(count)/\(count) are all of them\(advice)"
            )
        }
        self.init(number: number, count: count)
    }

    /// What of so many things belongs to the part: those of all parts are all of them, each once.
    package func range(of all: Int) -> Range<Int> {
        /// all · part / count, which fits where the product would not.
        func first(_ part: Int) -> Int { all / count * part + all % count * part / count }
        return first(number - 1)..<first(number)
    }

    var text: String { "\(number)/\(count)" }
}
