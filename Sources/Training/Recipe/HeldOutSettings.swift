internal import JSON

/// What the scores of held-out slices decide; no effect without held-out slices.
package struct HeldOutSettings: Hashable, Sendable {
    /// Which weights a training keeps.
    package enum Keep: String, CaseIterable, Sendable {
        /// Those with the best score on the held-out slices; the last weights are candidates, too.
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

    static let record = JSONRecord<HeldOutSettings>(
        "HeldOutSettings", "What the scores of held-out slices decide; no effect without such slices.",
        [
            JSONField("keep", \.keep, .choice, "Which weights the training ends with: the best ones or the last"),
            JSONField(
                "patience", \.patience, .integer(in: 0...100_000),
                "The measurements without a new best after which the training ends; 0 for never"),
        ])
}
