internal import HTTP
internal import Store

extension Name {
    /// The text itself if it is a name; refuses it with 422 otherwise.
    static func checked(_ text: String, of thing: String, field: String) throws(HTTPError) -> String {
        if let refusal = refusal(text, of: thing) { throw HTTPError.invalid(refusal, field: field) }
        return text
    }
}
