import Foundation
import TestSupport
import Testing

@Suite struct RepeatedRequestTests {
    @Test(.timeLimit(.minutes(5)))
    func `a request is not carried out twice, though the server was killed in between`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        _ = try await Program.run(
            "phantom", "--size", "12,32,32", "--channels", "1", "--slices", "1", "--out", folder.url.path)
        let data = folder.url.appending(path: "data")
        let first = try await RunningServer(data: data)
        _ = try await first.json("PUT", "/v1/projects/p", #"{"classes":[{"name":"a"},{"name":"b"},{"name":"c"}]}"#)
        let image = try Data(contentsOf: folder.url.appending(path: "image.nii.gz"))
        #expect(try await first.call("PUT", "/v1/projects/p/volumes/v", image).status == 201)
        let calls: [(path: String, body: Data)] = [
            ("/v1/projects/p/volumes/v/annotations?axis=z&index=3", Data(repeating: 1, count: 32 * 32)),
            ("/v1/projects/p/volumes/v/annotations/z/3/restore?revision=1", Data()),
        ]
        var answers: [Data] = []
        for (number, call) in calls.enumerated() {
            let answer = try await first.call(
                "POST", call.path, call.body, headers: ["Idempotency-Key": "call-\(number)"])
            #expect(answer.status == 201)
            answers.append(answer.body)
        }
        _ = await first.stop(by: SIGKILL)
        let second = try await RunningServer(data: data)
        for (number, call) in calls.enumerated() {
            let answer = try await second.call(
                "POST", call.path, call.body, headers: ["Idempotency-Key": "call-\(number)"])
            #expect(answer.status == 201 && answer.body == answers[number])
        }
        let history = try await second.call("GET", "/v1/projects/p/volumes/v/annotations/z/3/history")
        let revisions = try JSONSerialization.jsonObject(with: history.body) as? [Any]
        #expect(revisions?.count == 2)
        _ = await second.stop(by: SIGTERM)
    }
}
