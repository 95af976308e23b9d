import Tensors
import TestSupport
import Testing

@Suite struct ArenaTests {
    @Test func `buffers of different times share memory`() {
        let arena = Arena()
        let early = arena.reserve(1000), late = arena.reserve(1000)
        early.touch(0)
        early.touch(1)
        late.touch(2)
        arena.allocate()
        #expect(early.values == late.values)
        #expect(arena.byteCount < 2 * 4000)
    }

    @Test func `buffers of one time never overlap`() {
        let arena = Arena()
        var generator = SeededGenerator(seed: 1)
        let buffers = (0..<200).map { _ in
            (arena.reserve(Int.random(in: 1...500, using: &generator)), Int.random(in: 0..<50))
        }
        let lengths = (0..<200).map { _ in Int.random(in: 0..<10, using: &generator) }
        for ((buffer, start), length) in zip(buffers, lengths) {
            buffer.touch(start)
            buffer.touch(start + length)
        }
        arena.allocate()
        for step in 0..<60 {
            let alive = zip(buffers, lengths).filter { $0.0.1 <= step && step <= $0.0.1 + $0.1 }.map { $0.0.0 }
            for (index, buffer) in alive.enumerated() { buffer.values[0] = Float(index) }
            for (index, buffer) in alive.enumerated() { #expect(buffer.values[0] == Float(index)) }
        }
    }

    @Test func `a kept buffer shares with nobody`() {
        let arena = Arena()
        let kept = arena.reserve(100), other = arena.reserve(100)
        kept.keep()
        other.touch(5)
        arena.allocate()
        #expect(kept.values != other.values)
    }

    @Test func `what a run leaves behind shares memory with what was used before it`() {
        let arena = Arena()
        let result = arena.reserve(1000), early = arena.reserve(1000), late = arena.reserve(1000)
        for (buffer, step) in [(early, 1), (result, 2), (late, 3)] { buffer.touch(step) }
        result.keepOn()
        arena.allocate()
        #expect(early.values == result.values)
        #expect(late.values >= result.values + 1000)
    }

    @Test func `what no step uses but is kept on shares with nobody`() {
        let arena = Arena()
        let kept = arena.reserve(100), other = arena.reserve(100)
        kept.keepOn()
        other.touch(5)
        arena.allocate()
        #expect(kept.values != other.values)
    }

    @Test func `buffers lie where they must, and others in between`() {
        let arena = Arena()
        let large = arena.reserve(5000), first = arena.reserve(7, at: 0), second = arena.reserve(4993, at: 7)
        let other = arena.reserve(100)
        large.touch(0)
        first.touch(1)
        second.touch(2)
        other.touch(1)
        for buffer in [first, second] { buffer.keepOn() }
        arena.allocate()
        #expect(second.values == first.values + 7)
        #expect(large.values == first.values)
        // In place of the second, behind the first, at the next cache line.
        #expect(other.values == first.values + 16)
    }

    @Test func `arenas in one memory take as much as the largest, and move with it`() {
        let memory = ArenaMemory()
        let buffers = [1000, 3000, 2000].map { count in
            let arena = Arena(in: memory)
            let buffer = arena.reserve(count)
            buffer.touch(0)
            arena.allocate()
            return buffer
        }
        #expect((12_000..<12_200).contains(memory.byteCount))
        #expect(buffers.allSatisfy { $0.values == memory.values.baseAddress })
        #expect(memory.values.allSatisfy { $0 == 0 })
    }

    @Test func `an arena is no larger than what its widest step uses, where placing the largest first leaves gaps`() {
        let arena = Arena()
        for (count, steps) in [(2000, 1...3), (1000, 1...2), (3000, 0...0), (3000, 0...2)] {
            let buffer = arena.reserve(count)
            for step in steps { buffer.touch(step) }
        }
        arena.allocate()
        // Step 1 uses 6000 floats; placed by size, the 3000 of step 0 push them apart.
        #expect(arena.byteCount < 4 * 6100)
    }
}
