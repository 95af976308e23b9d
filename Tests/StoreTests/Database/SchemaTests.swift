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
                    INSERT INTO class VALUES (1, 0, 'a', '#00ff00', 0);
                    INSERT INTO grid (state, header, edge, fill) VALUES
                        ('finished', '{}', 64, 0), ('finished', '{}', 64, 255), ('writing', '{}', 64, 0);
                    INSERT INTO volume (project, name, z, y, x, header, image, statistics, sha256, bytes, created)
                    VALUES (1, 'v', 3, 4, 5, '{}', 1, '[]', '\(StoreFixture.hash("a"))', 1, 'now');
                    INSERT INTO annotation (volume, axis, slice, created, labels, counts)
                    VALUES (1, 'z', 0, 'now', x'00', '{}');
                    INSERT INTO job (project, kind, request, created) VALUES (1, 'train', '{}', 'now');
                    INSERT INTO token (name, hash, role, everywhere, created)
                    VALUES ('t', zeroblob(32), 'viewer', 1, '2026-01-01');
                    INSERT INTO share (volume, hash, created, expires)
                    VALUES (1, zeroblob(32), '2026-01-01', '2026-01-02');
                    INSERT INTO audit (time, method, path, status, request) VALUES ('now', 'PUT', '/', 200, 'r');
                    """)
        }
    }

    @Test(arguments: [
        "INSERT INTO project (name, created) VALUES ('', 'now')",
        "INSERT INTO project (name, created) VALUES ('-p', 'now')",
        "INSERT INTO project (name, created) VALUES ('a/b', 'now')",
        "INSERT INTO project (name, created) VALUES ('é', 'now')",
        "INSERT INTO project (name, created) VALUES ('p', 'now')",
        "INSERT INTO class VALUES (1, 254, 'b', '#00ff00', 0)",
        "INSERT INTO class VALUES (1, 1, 'a', '#00ff00', 0)",
        "INSERT INTO class VALUES (1, 1, 'Unlabeled', '#00ff00', 0)",
        "INSERT INTO class VALUES (1, 1, 'b', 'green', 0)",
        "INSERT INTO class VALUES (9, 1, 'b', '#00ff00', 0)",
        "INSERT INTO class VALUES (1, 1, 'b', '#00ff00', 2)",
        "UPDATE project SET model = 9",
        "INSERT INTO annotation (volume, axis, slice, created, counts, role) VALUES (1, 'z', 0, 'now', '{}', 'exam')",
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
        "INSERT INTO level (grid, level, smaller) VALUES (1, 1, 3)",
        "INSERT INTO level (grid, level, smaller) VALUES (3, 1, 2)",
        "INSERT INTO level (grid, level, smaller) VALUES (1, 2, 2)",
        "INSERT INTO level (grid, level, smaller) VALUES (2, 1, 1)",
        "INSERT INTO level (grid, level, smaller) VALUES (1, 1, 1)",
        "INSERT INTO level (grid, level, smaller) VALUES (1, 1, 9)",
        "INSERT INTO unlevelled_grid (grid, turn, halving) VALUES (2, 0, 'median')",
        "INSERT INTO token (name, hash, role, everywhere, created) VALUES ('t', x'00', 'viewer', 1, 'now')",
        "INSERT INTO token (name, hash, role, everywhere, created) VALUES ('t', randomblob(32), 'admin', 1, 'now')",
        "INSERT INTO token (name, hash, role, everywhere, created) VALUES ('u', zeroblob(32), 'admin', 1, 'now')",
        "INSERT INTO token (name, hash, role, everywhere, created) VALUES ('u', randomblob(32), 'root', 1, 'now')",
        "INSERT INTO token (name, hash, role, everywhere, created) VALUES ('a b', randomblob(32), 'admin', 1, 'now')",
        "INSERT INTO token (name, hash, role, everywhere, created, expires)"
            + " VALUES ('u', randomblob(32), 'admin', 1, '2026-01-02', '2026-01-01')",
        "UPDATE token SET role = 'admin'",
        "UPDATE token SET everywhere = 0",
        "DELETE FROM token",
        "INSERT INTO token_project VALUES (1, 9)",
        "INSERT INTO share (volume, hash, created, expires) VALUES (9, randomblob(32), '2026-01-01', '2026-01-02')",
        "INSERT INTO share (volume, hash, created, expires) VALUES (1, zeroblob(32), '2026-01-01', '2026-01-02')",
        "INSERT INTO share (volume, hash, created, expires) VALUES (1, randomblob(31), '2026-01-01', '2026-01-02')",
        "INSERT INTO share (volume, hash, created, expires) VALUES (1, randomblob(32), '2026-01-01', '2026-01-01')",
        "UPDATE share SET expires = '2027-01-01'",
        "INSERT INTO token (name, hash, role, everywhere, created) VALUES ('u', randomblob(32), 'boss', 1, 'now')",
        "INSERT INTO worker VALUES ('-w', 'h', '1', 'avx2', 1, 'now')",
        "INSERT INTO worker VALUES ('w', '', '1', 'avx2', 1, 'now')",
        "INSERT INTO worker VALUES ('w', 'h', '1', 'avx2', 0, 'now')",
        // The job waits.
        "INSERT INTO lease VALUES (1, 'w', 0, 'now')",
        "UPDATE audit SET token = 'somebody else'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit (id, time, method, path, status, request) VALUES (1, 'now', 'PUT', '/', 200, 'r')",
    ])
    func `the schema refuses`(sql: String) throws {
        let error = #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
        #expect(error?.resultCode == .SQLITE_CONSTRAINT, "\(sql)")
    }

    @Test func `revisions go with their volume, and their project, only`() throws {
        try queue.write { try $0.execute(sql: "DELETE FROM project") }
        for table in ["class", "volume", "annotation", "job", "share"] {
            let count = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") }
            #expect(count == 0, "\(table)")
        }
        let states = try queue.read { try String.fetchAll($0, sql: "SELECT state FROM grid ORDER BY id") }
        #expect(states == ["dropped", "finished", "writing"])
    }

    @Test func `a revoked token stays revoked`() throws {
        try queue.write { try $0.execute(sql: "UPDATE token SET revoked = '2026-02-01'") }
        #expect(throws: DatabaseError.self) {
            try queue.write { try $0.execute(sql: "UPDATE token SET revoked = NULL") }
        }
        try queue.write { try $0.execute(sql: "DELETE FROM token") }
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
