namespace Granary.Queues.Logs.PostgreSql;

/// <summary>A commit, and the number that the database has given its partition.</summary>
internal sealed record NumberedCommit(long Partition, PartitionCommit Commit);
