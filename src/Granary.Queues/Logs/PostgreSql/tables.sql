-- The queues' log. A row of it is one commit of one partition, not a message: few rows, and none is ever changed.

CREATE TABLE granary_queue_schema (
    version integer NOT NULL
);

INSERT INTO granary_queue_schema VALUES (1);

CREATE TABLE granary_queue (
    name text COLLATE "C" PRIMARY KEY,
    definition text NOT NULL
);

-- Changed with every commit: the fence. Half of a page stays free so that the new version of a row fits beside the old
-- one and no index is touched.
CREATE TABLE granary_queue_partition (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue text COLLATE "C" NOT NULL,
    position integer NOT NULL,
    epoch bigint NOT NULL,
    next_offset bigint NOT NULL,
    hash bigint NOT NULL,
    leases bytea, -- of an owner that has let go, for the next one
    UNIQUE (queue, position)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE TABLE granary_queue_snapshot (
    partition bigint PRIMARY KEY,
    first_after bigint NOT NULL,
    hash bigint NOT NULL,
    state bytea NOT NULL
);

CREATE TABLE granary_queue_log (
    partition bigint NOT NULL,
    first_offset bigint NOT NULL,
    next_offset bigint NOT NULL,
    hash bigint NOT NULL,
    payload bytea NOT NULL,
    PRIMARY KEY (partition, first_offset)
) WITH (autovacuum_vacuum_scale_factor = 0.05);

-- Messages are the application's bytes, often compressed already: trying costs more than it saves.
ALTER TABLE granary_queue_log ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE granary_queue_snapshot ALTER COLUMN state SET STORAGE EXTERNAL;

CREATE TABLE granary_queue_damage (
    queue text COLLATE "C" NOT NULL,
    position integer NOT NULL,
    first_offset bigint NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (queue, position, first_offset)
);
