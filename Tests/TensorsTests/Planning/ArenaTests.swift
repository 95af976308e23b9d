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
}
