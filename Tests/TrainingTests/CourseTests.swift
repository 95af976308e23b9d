import Testing
import Training

@Suite struct CourseTests {
    /// Of a hundred seconds, with so many steps planned when two of them had passed.
    private func course(_ steps: Int, atMost: Int? = nil) -> Course {
        var course = Course(Budget(steps: atMost, seconds: 100))
        course.set(rest: steps, at: 2)
        return course
    }

    @Test func `steps count, not seconds, while they fit`() {
        var course = course(400)
        course.look(step: 100, seconds: 24)
        #expect(course.used(step: 100, seconds: 24) == 0.25)
        #expect(course.isRepeatable)
    }

    @Test func `far too slow a training follows the clock, and ends with its seconds`() {
        var course = course(400)
        course.look(step: 20, seconds: 22)
        #expect(!course.isRepeatable)
        #expect(abs(course.used(step: 21, seconds: 61) - (0.05 + 0.95 * 0.5)) < 1e-9)
        #expect(course.used(step: 30, seconds: 100) == 1)
    }

    @Test func `behind a quarter of its steps, a training that is far faster than measured takes more`() throws {
        var course = course(400)
        #expect(course.pace(atReview: 99, seconds: 11.9) == nil)
        #expect(course.pace(atReview: 101, seconds: 12.1) == nil)
        let pace = try #require(course.pace(atReview: 100, seconds: 12))
        #expect(abs(pace - 0.1) < 1e-9)
        course.raise(rest: 680, after: 100)
        #expect(course.steps == 780)
        #expect(course.used(step: 195, seconds: 20) == 0.25)
        #expect(!course.isRepeatable)
        #expect(course.pace(atReview: 195, seconds: 12) == nil)
    }

    @Test func `a training as fast as measured keeps its steps`() {
        #expect(course(400).pace(atReview: 100, seconds: 21) == nil)
    }

    @Test func `a number that an equal training took stays, even if that takes a little longer`() {
        var course = Course(Budget(seconds: 100))
        course.set(rest: 400, at: 2, repeated: true)
        #expect(course.pace(atReview: 100, seconds: 12) == nil)
        course.look(step: 392, seconds: 102)
        #expect(course.isRepeatable)
        #expect(course.used(step: 392, seconds: 102) == 0.98)
        course.look(step: 396, seconds: 105)
        #expect(!course.isRepeatable)
        #expect(course.used(step: 396, seconds: 105) == 1)
    }

    @Test func `a number that was planned for the first time does not outlast its seconds`() {
        var course = course(400)
        course.look(step: 392, seconds: 102)
        #expect(!course.isRepeatable)
        #expect(course.used(step: 392, seconds: 102) == 1)
    }

    @Test func `the pace is that of the steps that count`() throws {
        #expect(course(400).pace(step: 5, seconds: 3) == nil)
        #expect(try abs(#require(course(400).pace(step: 100, seconds: 27)) - 0.25) < 1e-9)
    }

    @Test func `steps that the recipe or the budget names are never exceeded`() throws {
        #expect(Course(Budget(seconds: 3600), steps: 40).pace(atReview: 10, seconds: 1) == nil)
        #expect(Course(Budget(steps: 40)).pace(atReview: 10, seconds: 1) == nil)
        #expect(course(400, atMost: 400).pace(atReview: 100, seconds: 3) == nil)
        var course = course(400, atMost: 500)
        #expect(course.pace(atReview: 100, seconds: 3) != nil)
        course.raise(rest: 900, after: 100)
        #expect(course.steps == 500)
    }
}
