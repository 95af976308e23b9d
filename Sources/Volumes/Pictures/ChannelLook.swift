/// What a file says of one of its channels for showing it.
package struct ChannelLook: Codable, Hashable, Sendable {
    /// `nil` if it has none.
    package var name: String?
    package var color: Color?

    private static let longestName = 200

    /// Names are cut at 200 characters, and control characters in them are left out.
    package init(name: String? = nil, color: Color? = nil) {
        let plain = (name ?? "").filter { character in
            !character.unicodeScalars.contains { $0.properties.generalCategory == .control }
        }
        let text = plain.trimmed.prefix(Self.longestName)
        self.name = text.isEmpty ? nil : String(text)
        self.color = color
    }
}

extension VolumeHeader {
    /// Takes what a file says of its channels, if that is as many and something.
    mutating func take(_ looks: [ChannelLook]) {
        guard looks.count == channels, looks.contains(where: { $0 != ChannelLook() }) else { return }
        self.looks = looks
    }
}
