import HTTP
import JSON
import Jobs
import Store
import TestSupport
import Testing

@Suite struct MONAITrainTests {
    @Test func `a training is started, seen and stopped as 3D Slicer does`() async throws {
        let world = try await MONAIWorld()
        #expect(try await world.client.get("/train/").detail == "No Train Tasks Found")
        #expect(try await world.client.get("/train/?check_if_running=true").status == 404)
        #expect(try await world.client.delete("/train/").json == .null)
        let config = #"""
            {"preset": "fast", "pretrained": true, "max_epochs": 3, "seconds": 0, "val_split": 0.25, "name": "",
             "client_id": "u"}
            """#
        let started = try await world.client.post("/train/unet", config)
        #expect(started.status == 200, "\(started.text)")
        // 3D Slicer takes anything but RUNNING for the end, so that waiting is running.
        #expect(started.json["status"].string == "RUNNING")
        #expect(started.json["details"].strings == ["waiting for its turn"])
        #expect(started.json["start_ts"].string?.wholeMatch(of: #/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/#) != nil)
        let request = started.json["request"]
        #expect(request["budget"]["steps"].number == 300 && request["budget"]["seconds"] == .null)
        #expect(request["from"].string == "latest" && request["holdout"]["fraction"].number == 0.25)
        #expect(request["recipe"]["preset"].string == "fast" && request["name"] == .null)
        #expect(try await world.client.get("/train/?check_if_running=true").json["id"] == started.json["id"])
        let second = try await world.client.post("/train/unet", config)
        #expect(second.status == 429)
        #expect(second.detail.contains("enqueue=true"))
        #expect(try await world.client.post("/train/unet?enqueue=true").status == 200)
        #expect(try await world.client.get("/train/?all=true").json.count == 2)
        // The one that waits longest goes first.
        let stopped = try await world.client.delete("/train/").json
        #expect(stopped["id"] == started.json["id"] && stopped["status"].string == "STOPPED")
        #expect(stopped["details"].count == 1 && stopped["end_ts"].string != nil)
    }

    @Test func `the state of a training that runs is told in epochs of a hundred steps`() async throws {
        let world = try await MONAIWorld()
        _ = try await world.client.post("/train/unet", #"{"max_epochs": 5}"#)
        let job = try #require(try await world.fixture.store.nextQueuedJob())
        _ = try await world.fixture.store.updateProgress(
            job: job.id, #"{"step":250,"steps":500,"seconds":65.5,"eta":60,"loss":0.5,"heldout_iou":null}"#)
        #expect(try await world.client.get("/train/").json["details"].strings == ["step 250 of 500"])
        let running = try await world.client.get("/info").json["train_stats"]["unet"]
        #expect(running["epoch"].number == 2 && running["total_epochs"].number == 5)
        #expect(running["current_time"].string == "0:01:05" && running["best_metric"].number == 0)
        // By this 3D Slicer knows that it is over.
        #expect(running["total_time"] == .null)
        _ = try await world.fixture.store.finish(
            job: job.id, state: .failed, model: nil, result: nil, error: "there is nothing to learn from")
        let ended = try await world.client.get("/train/").json
        #expect(ended["status"].string == "ERROR")
        #expect(ended["details"].strings == ["there is nothing to learn from"])
        #expect(try await world.client.get("/info").json["train_stats"]["unet"]["total_time"].string != nil)
    }

    @Test func `parameters that can't be heeded are refused, those of other machinery are not`() async throws {
        let world = try await MONAIWorld()
        let wrong = [
            (#"{"learning_rate": 0.1}"#, "learning_rate"), (#"{"pretrained": 1}"#, "pretrained"),
            (#"{"max_epochs": "many"}"#, "max_epochs"), (#"{"max_epochs": 1.5}"#, "max_epochs"),
            (#"{"early_stop_patience": 5}"#, "early_stop_patience"), (#"{"preset": "none"}"#, "recipe"),
            (#"{"val_split": 2}"#, "holdout"), (#"{"name": "a b"}"#, "name"),
        ]
        for (params, field) in wrong {
            let reply = try await world.client.post("/train/unet", params)
            #expect(reply.status == 422, "\(params)")
            #expect(reply.json["field"].string?.hasPrefix(field) == true, "\(reply.text)")
        }
        #expect(try await world.client.post("/train/unet?run_sync=true").status == 422)
        #expect(try await world.client.post("/train/segmentation").detail.contains("there is one, unet"))
        #expect(try await world.client.post("/train/", "{}").status == 422)
        #expect(try await world.client.post("/train/", #"{"other": {}}"#).status == 404)
        let usual = #"""
            {"unet": {"device": "cuda", "multi_gpu": true, "gpus": "all", "dataset": "CacheDataset",
             "tracking": "mlflow", "early_stop_patience": -1, "train_batch_size": 2, "pretrained": false,
             "preset": ["fast", "default"]}, "client_id": "u"}
            """#
        let reply = try await world.client.post("/train/", usual)
        #expect(reply.status == 200, "\(reply.text)")
        let task = reply.json["unet"]["result"]["request"]
        #expect(task["from"].string == "scratch" && task["recipe"]["batch"].number == 2)
        #expect(task["recipe"]["preset"].string == "fast")
    }
}
