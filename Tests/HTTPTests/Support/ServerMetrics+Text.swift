import HTTP

extension ServerMetrics {
    /// All that is counted, as Prometheus reads it.
    var text: String {
        var text = PrometheusText()
        write(to: &text)
        return text.text
    }
}
