-- Version 1 of the cluster store: who is a member, and the SQL that Orleans' ADO.NET membership provider runs.
--
-- The provider reads its statements from the table OrleansQuery. Their keys, their parameters (@Name), and the names of
-- the columns that they return are its contract; everything else is ours. What the membership protocol asks of them:
--
-- * An insert or update of a member and the step of the table's version are one atomic comparison with the version that
--   the writer has read. Who is late changes nothing and is answered "false".
-- * A heartbeat is not a change: it leaves the version alone, so that it never makes a writer late.
-- * A read is one statement, so it sees members and version of one moment.
--
-- Writers lock the version's row first and a member's row second; a heartbeat locks only a member's row.

CREATE TABLE granary_membership_version
(
    deployment_id text PRIMARY KEY,
    version integer NOT NULL
);

CREATE TABLE granary_member
(
    deployment_id text NOT NULL,
    address text NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL, -- tells the runs of a silo on one address apart
    silo_name text NOT NULL,
    host_name text NOT NULL,
    status integer NOT NULL, -- Orleans' SiloStatus: 3 Active, 6 Dead
    gateway_port integer NOT NULL, -- 0 for none
    suspect_times text, -- the provider's format: who voted for its death, and when
    start_time timestamp with time zone NOT NULL,
    alive_time timestamp with time zone NOT NULL,
    PRIMARY KEY (deployment_id, address, port, generation)
);

CREATE TABLE OrleansQuery
(
    QueryKey text PRIMARY KEY,
    QueryText text NOT NULL
);

-- One boolean: whether this call made the row.
INSERT INTO OrleansQuery VALUES ('InsertMembershipVersionKey', $query$
WITH made AS
(
    INSERT INTO granary_membership_version (deployment_id, version) VALUES (@DeploymentId, 0)
    ON CONFLICT DO NOTHING
    RETURNING 1
)
SELECT EXISTS (SELECT FROM made)
$query$);

-- One boolean: whether the member was added, which it is not if the version is another or the member is there.
INSERT INTO OrleansQuery VALUES ('InsertMembershipKey', $query$
WITH next AS
(
    UPDATE granary_membership_version SET version = version + 1
    WHERE deployment_id = @DeploymentId AND version = @Version AND NOT EXISTS
    (
        SELECT FROM granary_member
        WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
    )
    RETURNING deployment_id
),
made AS
(
    INSERT INTO granary_member
        (deployment_id, address, port, generation, silo_name, host_name, status, gateway_port, start_time, alive_time)
    SELECT deployment_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
    FROM next
    RETURNING 1
)
SELECT EXISTS (SELECT FROM made)
$query$);

-- One boolean: whether the member was changed, which it is not if the version is another or there is no such member.
INSERT INTO OrleansQuery VALUES ('UpdateMembershipKey', $query$
WITH next AS
(
    UPDATE granary_membership_version SET version = version + 1
    WHERE deployment_id = @DeploymentId AND version = @Version AND EXISTS
    (
        SELECT FROM granary_member
        WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
    )
    RETURNING deployment_id
),
changed AS
(
    UPDATE granary_member AS member
    SET status = @Status, suspect_times = @SuspectTimes, alive_time = @IAmAliveTime
    FROM next
    WHERE member.deployment_id = next.deployment_id
        AND address = @Address AND port = @Port AND generation = @Generation
    RETURNING 1
)
SELECT EXISTS (SELECT FROM changed)
$query$);

INSERT INTO OrleansQuery VALUES ('UpdateIAmAlivetimeKey', $query$
UPDATE granary_member SET alive_time = @IAmAliveTime
WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$query$);

-- One row per member; the version with nulls beside it if there is none.
INSERT INTO OrleansQuery VALUES ('MembershipReadAllKey', $query$
SELECT
    version AS Version, address AS Address, port AS Port, generation AS Generation, silo_name AS SiloName,
    host_name AS HostName, status AS Status, gateway_port AS ProxyPort, suspect_times AS SuspectTimes,
    start_time AS StartTime, alive_time AS IAmAliveTime
FROM granary_membership_version LEFT JOIN granary_member USING (deployment_id)
WHERE deployment_id = @DeploymentId
$query$);

INSERT INTO OrleansQuery VALUES ('MembershipReadRowKey', $query$
SELECT
    version AS Version, address AS Address, port AS Port, generation AS Generation, silo_name AS SiloName,
    host_name AS HostName, status AS Status, gateway_port AS ProxyPort, suspect_times AS SuspectTimes,
    start_time AS StartTime, alive_time AS IAmAliveTime
FROM granary_membership_version AS cluster LEFT JOIN granary_member AS member
    ON member.deployment_id = cluster.deployment_id AND address = @Address AND port = @Port AND generation = @Generation
WHERE cluster.deployment_id = @DeploymentId
$query$);

INSERT INTO OrleansQuery VALUES ('GatewaysQueryKey', $query$
SELECT address AS Address, gateway_port AS ProxyPort, generation AS Generation
FROM granary_member
WHERE deployment_id = @DeploymentId AND status = @Status AND gateway_port > 0
$query$);

-- The provider picks the dead members that are old enough, and deletes each only if it is still what it has read.
INSERT INTO OrleansQuery VALUES ('CleanupDefunctSiloEntryKey', $query$
DELETE FROM granary_member
WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
    AND status = 6 AND start_time = @StartTime AND alive_time = @IAmAliveTime
    AND coalesce(suspect_times, '') = coalesce(@SuspectTimes, '')
$query$);

-- Required by the provider, which does not run it while it has the statement above.
INSERT INTO OrleansQuery VALUES ('CleanupDefunctSiloEntriesKey', $query$
DELETE FROM granary_member
WHERE deployment_id = @DeploymentId AND status = 6 AND start_time < @IAmAliveTime AND alive_time < @IAmAliveTime
$query$);

INSERT INTO OrleansQuery VALUES ('DeleteMembershipTableEntriesKey', $query$
WITH members AS
(
    DELETE FROM granary_member WHERE deployment_id = @DeploymentId
)
DELETE FROM granary_membership_version WHERE deployment_id = @DeploymentId
$query$);
