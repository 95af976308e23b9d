internal import Foundation
internal import HTTP
internal import Store
internal import Volumes

extension Settings.HTTP {
    /// Whether only programs on this machine can reach the server.
    package var isLocal: Bool { Loopback.isLocal(host) }

    /// The sites in `allowedOrigins`, as browsers write them.
    func origins() throws(SettingsError) -> Set<String> {
        var origins: Set<String> = []
        for part in allowedOrigins.split(whereSeparator: { $0 == "," || $0 == " " }) {
            let origin = String(part)
            guard let url = URLComponents(string: origin), let scheme = url.scheme, ["http", "https"].contains(scheme),
                let host = url.host, !host.isEmpty, url.user == nil, url.path.isEmpty, url.query == nil,
                url.fragment == nil, origin == origin.lowercased()
            else {
                throw .outOfRange(
                    key: "http.allowedOrigins", value: origin,
                    allowed: "origins with commas between them, like https://viewer.example.org,http://localhost:3000")
            }
            origins.insert(origin)
        }
        return origins
    }

    /// The certificate and its key; `nil` if neither is set.
    func tls() throws(SettingsError) -> ServerOptions.TLS? {
        if tlsCertificate.isEmpty, tlsKey.isEmpty { return nil }
        return ServerOptions.TLS(
            certificate: try Self.pem(tlsCertificate, "http.tlsCertificate", "-----BEGIN CERTIFICATE-----"),
            key: try Self.pem(tlsKey, "http.tlsKey", "PRIVATE KEY-----"))
    }

    private static func pem(_ path: String, _ key: String, _ mark: String) throws(SettingsError) -> String {
        guard !path.isEmpty else {
            throw .outOfRange(key: key, value: "", allowed: "a PEM file, as TLS needs a certificate and its key")
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw .outOfRange(key: key, value: path, allowed: "a PEM file that this user may read")
        }
        guard text.contains(mark) else {
            throw .outOfRange(key: key, value: path, allowed: "a PEM file that contains \(mark)")
        }
        return text
    }
}

extension Settings {
    /// Whether only programs on this machine can reach the service.
    package var isLocal: Bool { http.isLocal && (monai.project.isEmpty || Loopback.isLocal(monai.host)) }
}

extension Settings.MONAI {
    /// Throws for a project that can have no such name, or that can't be served.
    func check(_ http: Settings.HTTP) throws(SettingsError) {
        guard !project.isEmpty else { return }
        if let refusal = Name.refusal(project, of: "project") {
            throw .outOfRange(key: "monai.project", value: project, allowed: "a project's name: \(refusal)")
        }
        guard !http.tlsCertificate.isEmpty else {
            throw .outOfRange(
                key: "monai.project", value: project,
                allowed: "empty without http.tlsCertificate and http.tlsKey, as MITK speaks TLS only")
        }
        guard port == 0 || port != http.port || host != http.host else {
            throw .outOfRange(key: "monai.port", value: "\(port)", allowed: "another port than http.port")
        }
    }
}

extension Settings.Import {
    /// The folders, by their whole paths or their addresses.
    func folders() throws(SettingsError) -> [String] {
        let folders = parts()
        for folder in folders {
            if WebFolder.isMeant(by: folder) {
                do {
                    _ = try WebFolder(folder)
                } catch {
                    throw .outOfRange(key: "import.roots", value: folder, allowed: "a plain address: \(error)")
                }
            } else if !folder.hasPrefix("/") || folder.split(separator: "/").isEmpty {
                throw .outOfRange(
                    key: "import.roots", value: folder,
                    allowed: "whole paths of folders, and addresses, with colons between them, like "
                        + "/data:/scans:https://example.org/images")
            }
        }
        return folders
    }

    /// What stands between colons, those of addresses aside.
    private func parts() -> [String] {
        let part = #/https?://(?:\[[^\]]*\]|[^/:]*)(?::[0-9]+)?(?:/[^:]*)?|[^:]+/#.ignoresCase()
        return roots.matches(of: part).map { String($0.output) }
    }
}
