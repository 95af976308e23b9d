import Network
import TestSupport
import Testing

@Suite struct RankGroupTests {
    @Test func `all ranks get the bytes of the first, however many they have themselves`() async throws {
        let sent: [[UInt8]] = [[0, 7, 255, 128], [1], []]
        let found = try await ThreadRanks(3).run { ranks in (ranks.first(sent[ranks.rank]), ranks.first([])) }
        #expect(found.map(\.0) == [sent[0], sent[0], sent[0]])
        #expect(found.map(\.1) == [[], [], []])
    }

    @Test func `what is true of every rank is told from what is not true of one`() async throws {
        let found = try await ThreadRanks(3).run { ranks in
            [ranks.all(true), ranks.all(ranks.rank != 2), ranks.all(false)]
        }
        #expect(found == [[true, false, false], [true, false, false], [true, false, false]])
    }
}
