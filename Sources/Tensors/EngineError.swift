internal import COneDNN

/// An error that oneDNN reported.
package struct EngineError: Error, Equatable, CustomStringConvertible {
    private let operation: String
    private let status: String

    init(_ status: dnnl_status_t, in operation: String) {
        self.operation = operation
        self.status = String(cString: dnnl_status2str(status))
    }

    package var description: String { "oneDNN could not \(operation): \(status)" }
}

/// Throws if a oneDNN status isn't success; `operation` completes "oneDNN could not …".
func check(_ status: dnnl_status_t, _ operation: @autoclosure () -> String) throws(EngineError) {
    guard status == dnnl_success else { throw EngineError(status, in: operation()) }
}
