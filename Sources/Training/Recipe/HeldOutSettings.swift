internal import JSON

/// What held-out slices decide; nothing where none are held out.
package struct HeldOutSettings: Hashable, Sendable {
    /// Which weights a training ends with.
    package enum Keep: String, CaseIterable, Sendable {
        /// Those that scored best on the held-out slices, the last ones included.
        case best
        case last
    }

    package var keep: Keep
    /// Measurements without a new best after which the training ends; 0 for never.
    package var patience: Int

    package init(keep: Keep, patience: Int) {
        self.keep = keep
        self.patience = patience
    }

    static let record = JSONRecord<HeldOutSettings>([
        JSONField("keep", \.keep, .choice),
        JSONField("patience", \.patience, .integer(in: 0...100_000)),
    ])
}
