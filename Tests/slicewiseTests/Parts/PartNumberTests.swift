import Testing
import slicewise

@Suite struct PartNumberTests {
    @Test(arguments: [(1, 1), (10, 3), (3, 10), (64, 64), (1_000_003, 64), (0, 4), (.max, 7)])
    func `the parts of a number of things are all of them, each once, in order`(all: Int, count: Int) throws {
        var next = 0
        var sizes: [Int] = []
        for number in 1...count {
            let range = try PartNumber("\(number)/\(count)").range(of: all)
            #expect(range.lowerBound == next)
            next = range.upperBound
            sizes.append(range.count)
        }
        #expect(next == all)
        #expect(try #require(sizes.max()) - #require(sizes.min()) <= 1)
    }

    @Test(arguments: [
        ("0/64", "counted from 1"), ("0/64", "$((SLURM_ARRAY_TASK_ID+1))"), ("65/64", "1/64 to 64/64"),
        ("-1/4", "counted from 1"), ("3", "two numbers"), ("3/", "two numbers"), ("/3", "two numbers"),
        ("1/0", "two numbers"), ("a/b", "two numbers"), ("1/2/3", "two numbers"), ("1.5/2", "two numbers"),
    ])
    func `what is no part is refused with what would be one`(text: String, reason: String) {
        #expect { try PartNumber(text) } throws: { "\($0)".contains(reason) }
    }
}
