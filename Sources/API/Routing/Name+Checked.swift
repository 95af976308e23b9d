internal import HTTP
internal import Store

extension Name {
    /// Returns the text if it is a valid name; throws 422 otherwise.
    static func checked(_ text: String, of thing: String, field: String) throws(HTTPError) -> String {
        if let refusal = refusal(text, of: thing) { throw HTTPError.invalid(refusal, field: field) }
        return text
    }
}
