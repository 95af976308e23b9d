import Jobs
import Store
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct JobEventsTests {
    @Test func `events can be resumed after a sequence number`() async throws {
        try await withJobFixture { fixture in
            try await fixture.running {
                let job = try await fixture.submit()
                for _ in 0..<3 { fixture.work.allow(.step) }
                fixture.work.allow(.succeed)
                var all: [JobEventRecord] = []
                for try await event in fixture.queue.events(job: job.id) { all.append(event) }
                #expect(all.map(\.type) == ["state", "state", "progress", "progress", "progress", "state"])
                #expect(all.map(\.sequence) == all.map(\.sequence).sorted())
                for place in all.indices {
                    var rest: [JobEventRecord] = []
                    for try await event in fixture.queue.events(job: job.id, after: all[place].sequence) {
                        rest.append(event)
                    }
                    #expect(rest == Array(all[(place + 1)...]))
                }
            }
        }
    }

    @Test func `live events come while the job runs`() async throws {
        try await withJobFixture { fixture in
            try await fixture.running {
                let job = try await fixture.submit()
                var events = fixture.queue.events(job: job.id).makeAsyncIterator()
                #expect(try await events.next()?.data == #"{"state":"queued"}"#)
                #expect(try await events.next()?.data == #"{"state":"running"}"#)
                fixture.work.allow(.step)
                #expect(try await events.next()?.type == "progress")
                #expect(try await fixture.store.job(id: job.id).state == .running)
                fixture.work.allow(.succeed)
                #expect(try await events.next()?.data == #"{"state":"succeeded"}"#)
                #expect(try await events.next() == nil)
            }
        }
    }

    @Test func `every subscriber gets every event`() async throws {
        try await withJobFixture { fixture in
            try await fixture.running {
                let job = try await fixture.submit()
                let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            var count = 0
                            for try await _ in fixture.queue.events(job: job.id) { count += 1 }
                            return count
                        }
                    }
                    for _ in 0..<20 { fixture.work.allow(.step) }
                    fixture.work.allow(.succeed)
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(counts == [Int](repeating: 23, count: 8))
            }
        }
    }

    @Test func `progress is thinned but the last one is kept`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let store = try Store(folder: folder.url)
        let work = FakeWork(store: store)
        var settings = JobSettings()
        settings.progressInterval = .seconds(3600)
        let queue = JobQueue(store: store, settings: settings, logger: .silent, work: work)
        let project = try await store.putProject(
            name: "kidneys", description: nil, classes: [ClassRecord(name: "outside", color: "#000000")]
        ).project
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await queue.run() }
            let job = try await queue.submit(.train(.init()), to: project)
            for _ in 0..<1000 { work.allow(.step) }
            work.allow(.succeed)
            var progress: [String] = []
            for try await event in queue.events(job: job.id) where event.type == "progress" {
                progress.append(event.data)
            }
            #expect(progress.count == 2)
            #expect(progress.last?.contains(#""step":1000"#) == true)
            #expect(try await store.job(id: job.id).progress?.contains(#""step":1000"#) == true)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test func `a reader that falls behind goes on with what is kept`() async throws {
        let folder = try TemporaryFolder()
        var options = StoreOptions()
        options.progressEvents = 300
        let store = try Store(folder: folder.url, options: options)
        let queue = JobQueue(store: store, logger: .silent, work: FakeWork(store: store))
        let project = try await store.putProject(
            name: "kidneys", description: nil, classes: [ClassRecord(name: "outside", color: "#000000")]
        ).project
        let job = try await store.addJob(project: project.id, kind: "train", request: "{}")
        func train(_ steps: ClosedRange<Int>) async throws {
            for step in steps {
                try await store.appendEvent(job: job.id, type: "progress", data: "{\"step\":\(step)}")
            }
        }
        try await train(1...300)
        var events = queue.events(job: job.id).makeAsyncIterator()
        var seen = [try #require(try await events.next()).data]
        try await train(301...600)
        _ = try await store.requestCancel(project: project.id, id: job.id)
        while let event = try await events.next() { seen.append(event.data) }
        // One page was in memory when the events after it went.
        let steps = Array(1...200) + Array(301...600)
        #expect(seen == steps.map { "{\"step\":\($0)}" })
    }

    @Test func `subscriptions end when the server stops`() async throws {
        try await withJobFixture { fixture in
            let job = try await fixture.submit()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await fixture.queue.run() }
                var events = fixture.queue.events(job: job.id).makeAsyncIterator()
                #expect(try await events.next()?.data == #"{"state":"queued"}"#)
                #expect(try await events.next()?.data == #"{"state":"running"}"#)
                group.cancelAll()
                fixture.work.allow(.step)
                while try await events.next() != nil {}
                try await group.waitForAll()
            }
            #expect(try await fixture.store.job(id: job.id).state == .queued)
        }
    }
}
