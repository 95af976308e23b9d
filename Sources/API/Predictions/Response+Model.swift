internal import HTTP

extension Response {
    /// The answer with the name of the model that made its content, in `X-Slicewise-Model`.
    func made(by model: String) -> Response {
        var response = self
        response.headers["X-Slicewise-Model"] = model
        return response
    }
}
