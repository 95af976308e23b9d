import Foundation
internal import GRDB
import Migrations
import Store
import TestSupport
import Testing

/// Events and curves of long jobs.
@Suite struct JobTrailTests {
    private func fixture(progressEvents: Int = 5, curvePoints: Int = 20) throws -> StoreFixture {
        var options = StoreOptions()
        options.progressEvents = progressEvents
        options.curvePoints = curvePoints
        return try StoreFixture(options)
    }

    private func job(_ fixture: StoreFixture) async throws -> Int64 {
        let project = try await fixture.project()
        return try await fixture.store.addJob(project: project.id, kind: "train", request: "{}").id
    }

    private func steps(_ events: [JobEventRecord]) throws -> [Int] {
        struct Step: Decodable { let step: Int }
        return try events.filter { $0.type == "progress" }.map {
            try JSONDecoder().decode(Step.self, from: Data($0.data.utf8)).step
        }
    }

    private func rows(_ table: String, of job: Int64, in store: Store) async throws -> Int {
        let queue = try DatabaseQueue(path: store.file.path)
        return try await queue.read { database in
            try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table) WHERE job = ?", arguments: [job]) ?? 0
        }
    }

    @Test func `of progress the newest events are kept and the newest measurements, of all else everything`()
        async throws
    {
        let fixture = try fixture()
        let (id, other) = (try await job(fixture), try await job(fixture))
        let store = fixture.store
        let first = try await store.appendEvent(job: id, type: "state", data: "{\"state\":\"running\"}")
        for step in 1...3 { try await store.appendEvent(job: other, type: "progress", data: "{\"step\":\(step)}") }
        func train(_ steps: ClosedRange<Int>) async throws {
            for step in steps {
                let score = step < 20 ? "" : ",\"heldout_iou\":\(Double(step / 20) / 100)"
                try await store.appendEvent(job: id, type: "progress", data: "{\"step\":\(step)\(score)}")
                if step % 10 == 0 { try await store.appendEvent(job: id, type: "log", data: "{\"message\":\"\"}") }
            }
        }
        try await train(1...100)
        #expect(try steps(try await store.events(job: id)) == [20, 40, 60, 80, 95, 96, 97, 98, 99, 100])
        try await train(101...200)
        let events = try await store.events(job: id)
        #expect(try steps(events) == [120, 140, 160, 180, 195, 196, 197, 198, 199, 200])
        #expect(events.count { $0.type == "log" } == 20)
        #expect(events.first?.sequence == first)
        // Who continues after an event that has gone gets what is left after it.
        #expect(try steps(try await store.events(job: id, after: first + 10)) == (try steps(events)))
        #expect(try steps(try await store.events(job: other)) == [1, 2, 3])
    }

    @Test func `events are read page by page`() async throws {
        let fixture = try fixture(progressEvents: 100)
        let id = try await job(fixture)
        for step in 1...7 {
            try await fixture.store.appendEvent(job: id, type: "progress", data: "{\"step\":\(step)}")
        }
        var pages: [[Int]] = []
        var last: Int64 = 0
        while case let page = try await fixture.store.events(job: id, after: last, limit: 3), let end = page.last {
            pages.append(try steps(page))
            last = end.sequence
        }
        #expect(pages == [[1, 2, 3], [4, 5, 6], [7]])
    }

    @Test func `a long curve keeps its ends, its measurements, and others evenly`() async throws {
        let fixture = try fixture()
        let id = try await job(fixture)
        for step in 1...1000 {
            let score = step % 100 == 0 ? Double(step) / 1000 : nil
            let point = CurvePointRecord(step: step, seconds: Double(step), loss: 1, heldOutIoU: score)
            try await fixture.store.appendCurve(job: id, [point])
        }
        #expect(try await rows("job_curve", of: id, in: fixture.store) <= 40)
        let curve = try await fixture.store.curve(job: id)
        #expect(curve.count <= 20)
        #expect(curve.first?.step == 1 && curve.last?.step == 1000)
        #expect(curve.filter { $0.heldOutIoU != nil }.map(\.step) == Array(stride(from: 100, through: 1000, by: 100)))
        let others = curve.filter { $0.heldOutIoU == nil }.map(\.step)
        #expect(others.count >= 5)
        #expect(zip(others, others.dropFirst()).allSatisfy { $1 - $0 <= 240 }, "\(others)")
    }

    @Test func `a curve that is not long is left as it is`() async throws {
        let fixture = try fixture()
        let id = try await job(fixture)
        // Nearly all of them in one place.
        let steps = Array(1...19) + [100_000]
        try await fixture.store.appendCurve(
            job: id, steps.map { CurvePointRecord(step: $0, seconds: 1, loss: 1) })
        #expect(try await fixture.store.curve(job: id).map(\.step) == steps)
    }

    @Test func `what older programs stored is thinned after the start, not by it`() async throws {
        let folder = try TemporaryFolder()
        let old = try Store(folder: folder.url, migrations: Migrations.all.filter { $0.name < "0010" })
        try old.close()
        let queue = try DatabaseQueue(path: old.file.path)
        try await queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO project (name, created) VALUES ('kidney', '2026-01-01 00:00:00.000');
                    INSERT INTO job (project, kind, request, created)
                        VALUES (1, 'train', '{}', '2026-01-01 00:00:00.000');
                    INSERT INTO job_event (job, type, data, created)
                        VALUES (1, 'state', '{"state":"queued"}', '2026-01-01 00:00:00.000');
                    WITH RECURSIVE count (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM count WHERE i < 3000)
                        INSERT INTO job_event (job, type, data, created)
                        SELECT 1, 'progress', json_object('step', i, 'heldout_iou', (i / 300) / 10.0),
                            '2026-01-01 00:00:00.000' FROM count;
                    WITH RECURSIVE count (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM count WHERE i < 3000)
                        INSERT INTO job_curve SELECT 1, i, i / 2.0, 0.5, CASE i % 300 WHEN 0 THEN 0.5 END FROM count
                    """)
        }
        try queue.close()
        var options = StoreOptions()
        options.progressEvents = 50
        options.curvePoints = 100
        let store = try Store(folder: folder.url, options: options)
        #expect(try await store.events(job: 1).count == 3001)
        try await store.thinOldTrails()
        let events = try await store.events(job: 1)
        let measured = [1] + Array(stride(from: 300, through: 3000, by: 300))
        #expect(try steps(events) == measured.filter { $0 < 2950 } + Array(2950...3000))
        #expect(events.first?.type == "state")
        let curve = try await store.curve(job: 1)
        #expect(curve.count <= 100 && curve.first?.step == 1 && curve.last?.step == 3000)
        #expect(curve.count { $0.heldOutIoU != nil } == 10)
        #expect(try await rows("job_curve", of: 1, in: store) == curve.count)
        // From then on the rings are those of any job.
        for step in 3001...3200 {
            try await store.appendEvent(job: 1, type: "progress", data: "{\"step\":\(step)}")
        }
        try await store.thinOldTrails()
        #expect(try await store.events(job: 1).count <= events.count + 51)
        #expect(try await store.integrityCheck().isEmpty)
    }
}
