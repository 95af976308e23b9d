internal import HTTP
internal import JSON
internal import Page

/// The page at `/`, in which people look, annotate and train, and the files that it loads.
///
/// They hold nothing secret and need no token; the calls that the page makes do.
enum Workbench {
    static let page = Endpoint(
        .get, "/", "The page in which people look, annotate and train; it needs JavaScript, but no token.", role: nil,
        answers: [.init(200, "A page", .init(type: "text/html", schema: ["type": "string"]))],
        answer: { _ in index }
    ).tagged

    /// What the page loads; not part of the interface, as paths change with every version.
    static let files = PageFiles.loaded.map { file in
        let answer = response(
            file, file.bytes,
            ["Cache-Control": "public, max-age=31536000, immutable", "Content-Security-Policy": policy])
        return Endpoint(
            .get, "/page/\(PageFiles.version)/\(file.path)", "A file of the page.", role: nil, answers: [],
            answer: { _ in answer })
    }

    private static let index = response(
        PageFiles.index,
        Array(
            String(decoding: PageFiles.index.bytes, as: UTF8.self)
                .replacing("\"page/", with: "\"page/\(PageFiles.version)/").utf8),
        ["Content-Security-Policy": policy], tag: PageFiles.version)

    private static func response(
        _ file: PageFile, _ bytes: [UInt8], _ headers: Headers, tag: String? = nil
    ) -> Response {
        .bytes(bytes, contentType: file.type ?? "application/octet-stream", etag: tag ?? file.hash, headers: headers)
    }

    /// Everything comes from this server: no inline scripts or styles, and no text that becomes a script.
    ///
    /// Workers take the policy of their own file, so that all files carry it.
    static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; worker-src 'self'; \
        img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
        require-trusted-types-for 'script'; trusted-types slicewise
        """
}
