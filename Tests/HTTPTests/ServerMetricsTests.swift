import HTTP
import TestSupport
import Testing

@Suite struct ServerMetricsTests {
    private func completion(_ target: String, route: String?, status: Int, seconds: Double) throws -> Completion {
        var head = try RequestHead(method: "GET", target: target)
        head.route = route
        return Completion(head: head, status: status, received: 3, sent: 10, seconds: seconds, isComplete: true)
    }

    @Test func `requests are counted by route, not by path`() throws {
        let metrics = ServerMetrics()
        metrics.record(try completion("/things/a", route: "/things/{t}", status: 200, seconds: 0.004))
        metrics.record(try completion("/things/b", route: "/things/{t}", status: 200, seconds: 0.2))
        metrics.record(try completion("/things/c", route: "/things/{t}", status: 404, seconds: 100))
        metrics.record(try completion("/made/up", route: nil, status: 404, seconds: 0.004))
        var text = PrometheusText()
        metrics.write(to: &text)
        let lines = text.text.split(separator: "\n").map(String.init)
        let kind = #"method="GET",route="/things/{t}""#
        for line in [
            "# TYPE slicewise_http_requests_total counter",
            "slicewise_http_requests_total{\(kind),status=\"200\"} 2",
            "slicewise_http_requests_total{\(kind),status=\"404\"} 1",
            #"slicewise_http_requests_total{method="GET",route="none",status="404"} 1"#,
            "# TYPE slicewise_http_request_seconds histogram",
            "slicewise_http_request_seconds_bucket{\(kind),le=\"0.0025\"} 0",
            "slicewise_http_request_seconds_bucket{\(kind),le=\"0.005\"} 1",
            "slicewise_http_request_seconds_bucket{\(kind),le=\"0.25\"} 2",
            "slicewise_http_request_seconds_bucket{\(kind),le=\"+Inf\"} 3",
            "slicewise_http_request_seconds_count{\(kind)} 3",
            "slicewise_http_received_bytes_total{\(kind)} 9",
            "slicewise_http_sent_bytes_total{\(kind)} 30",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test func `labels are escaped`() {
        var text = PrometheusText()
        text.begin("a", .gauge, "A.")
        text.sample([("b", "\"\\\n")], 1)
        #expect(text.text == "# HELP a A.\n# TYPE a gauge\na{b=\"\\\"\\\\\\n\"} 1\n")
    }

    @Test(.timeLimit(.minutes(10))) func `a server counts connections and what they ask`() async throws {
        var router = Router(logger: .silent)
        router.on(.put, "/echo", body: .memory(limit: 100)) { request in .text("\(request.body.count)") }
        let metrics = ServerMetrics()
        try await withServer(router, metrics: metrics) { server in
            let open = try await server.raw { connection in
                for _ in 0..<2 {
                    connection.send("PUT /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc")
                    _ = try connection.reply()
                }
                return metrics.text
            }
            #expect(open.contains("slicewise_http_connections 1\n"))
        }
        // The server has ended, and with it every connection.
        #expect(metrics.text.contains("slicewise_http_connections 0\n"))
        #expect(metrics.text.contains(#"slicewise_http_requests_total{method="PUT",route="/echo",status="200"} 2"#))
        #expect(metrics.text.contains(#"slicewise_http_received_bytes_total{method="PUT",route="/echo"} 6"#))
        #expect(metrics.text.contains(#"slicewise_http_sent_bytes_total{method="PUT",route="/echo"} 2"#))
    }
}
