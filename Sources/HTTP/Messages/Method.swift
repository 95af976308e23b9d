/// A method a route can be registered for.
///
/// `HEAD` is answered by the route for `GET`, and `OPTIONS` by the router itself.
package enum Method: String, CaseIterable, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
}
