/// The JSON of the demonstration's requests, and the parts of the server's responses that it reads.
enum DemoWire {
    struct Job: Decodable {
        struct Progress: Decodable {
            var phase: String?
            var step: Int?
            var steps: Int?
            var seconds: Double?
            var eta: Double?
            var loss: Double?
            var fraction: Double?
        }

        var id: Int
        var state: String
        var model: String?
        var error: String?
        var progress: Progress?
    }

    struct Report: Decodable {
        struct Score: Decodable {
            struct Class: Decodable {
                var name: String
                var iou: Double?
            }

            var voxels: Int
            var classes: [Class]
            var mean_iou: Double?
        }

        var truth: Score?
    }

    struct Project: Encodable {
        struct Class: Encodable {
            var name: String
            var color: String
        }

        var classes: [Class]
        var description: String
    }

    struct Training: Encodable {
        struct Budget: Encodable { var seconds: Double }

        var kind = "train"
        var volumes: [String]
        var from: String
        var budget: Budget
        var recipe: String
        var name: String
    }
}
