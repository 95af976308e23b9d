internal import GRDB
import Migrations
import Testing

/// The rules that hold whatever the program does.
@Suite struct SchemaTests {
    private let queue: DatabaseQueue

    init() throws {
        queue = try DatabaseQueue()
        try queue.write { database in
            for migration in Migrations.all { try database.execute(sql: migration.sql) }
            try database.execute(
                sql: """
                    INSERT INTO project (name, created) VALUES ('p', 'now');
                    INSERT INTO class VALUES (1, 0, 'a', '#00ff00');
                    INSERT INTO grid (state, header, edge, fill) VALUES
                        ('finished', '{}', 64, 0), ('finished', '{}', 64, 255), ('writing', '{}', 64, 0);
                    INSERT INTO volume (project, name, z, y, x, header, image, statistics, sha256, bytes, created)
                    VALUES (1, 'v', 3, 4, 5, '{}', 1, '[]', '\(Bench.hash("a"))', 1, 'now');
                    INSERT INTO annotation (volume, axis, slice, created, labels, counts)
                    VALUES (1, 'z', 0, 'now', x'00', '{}');
                    INSERT INTO job (project, kind, request, created) VALUES (1, 'train', '{}', 'now');
                    """)
        }
    }

    @Test(arguments: [
        "INSERT INTO project (name, created) VALUES ('', 'now')",
        "INSERT INTO project (name, created) VALUES ('-p', 'now')",
        "INSERT INTO project (name, created) VALUES ('a/b', 'now')",
        "INSERT INTO project (name, created) VALUES ('é', 'now')",
        "INSERT INTO project (name, created) VALUES ('p', 'now')",
        "INSERT INTO class VALUES (1, 254, 'b', '#00ff00')",
        "INSERT INTO class VALUES (1, 1, 'a', '#00ff00')",
        "INSERT INTO class VALUES (1, 1, 'Unlabeled', '#00ff00')",
        "INSERT INTO class VALUES (1, 1, 'b', 'green')",
        "INSERT INTO class VALUES (9, 1, 'b', '#00ff00')",
        "INSERT INTO brick VALUES (1, 0, 0, 0, 0, x'00')",
        "UPDATE grid SET header = '[]' WHERE id = 1",
        "UPDATE volume SET image = 3",
        "UPDATE volume SET z = 2",
        "DELETE FROM grid WHERE id = 1",
        "INSERT INTO annotation (volume, axis, slice, created, counts) VALUES (1, 'q', 0, 'now', '{}')",
        "INSERT INTO annotation (volume, axis, slice, created, counts) VALUES (1, 'z', -1, 'now', '{}')",
        "INSERT INTO annotation (volume, axis, slice, created, counts) VALUES (1, 'z', 3, 'now', '{}')",
        "INSERT INTO annotation (volume, axis, slice, created, counts) VALUES (1, 'x', 5, 'now', '{}')",
        "INSERT INTO annotation (volume, axis, slice, created, counts) VALUES (2, 'x', 0, 'now', '{}')",
        "INSERT OR REPLACE INTO annotation (revision, volume, axis, slice, created, counts)"
            + " VALUES (1, 1, 'z', 0, 'now', '{}')",
        "UPDATE annotation SET author = 'somebody else'",
        "DELETE FROM annotation",
        "UPDATE job SET state = 'succeeded', finished = 'now', started = 'now', attempts = 1",
        "UPDATE job SET state = 'running'",
        "UPDATE job SET state = 'done'",
        "UPDATE job SET finished = 'now'",
        "UPDATE job SET request = 'train'",
        "INSERT INTO prediction (volume, model, labels, probability, created) VALUES (1, 1, 2, 3, 'now')",
    ])
    func `the schema refuses`(sql: String) throws {
        let error = #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
        #expect(error?.resultCode == .SQLITE_CONSTRAINT, "\(sql)")
    }

    @Test func `revisions go with their volume, and their project, only`() throws {
        try queue.write { try $0.execute(sql: "DELETE FROM project") }
        for table in ["class", "volume", "annotation", "job"] {
            let count = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") }
            #expect(count == 0, "\(table)")
        }
        let states = try queue.read { try String.fetchAll($0, sql: "SELECT state FROM grid ORDER BY id") }
        #expect(states == ["dropped", "finished", "writing"])
    }

    @Test func `a job that has ended stays as it is`() throws {
        try queue.write { try $0.execute(sql: "UPDATE job SET state = 'cancelled', finished = 'now'") }
        for state in ["queued", "running", "succeeded", "failed"] {
            #expect(throws: DatabaseError.self) {
                try queue.write {
                    try $0.execute(
                        sql: "UPDATE job SET state = ?, error = 'e', started = 'now', attempts = 1", arguments: [state])
                }
            }
        }
    }
}
