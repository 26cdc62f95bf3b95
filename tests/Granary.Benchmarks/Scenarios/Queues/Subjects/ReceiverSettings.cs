namespace Granary.Benchmarks.Scenarios.Queues.Subjects;

/// <summary>How a receiver is to work.</summary>
/// <param name="Prefetch">Messages it may hold that are not completed.</param>
/// <param name="IsOneByOne">
/// Whether messages are taken one a request where the server pushes nothing and has requests for one and for several
/// (PostgreSQL).
/// </param>
internal readonly record struct ReceiverSettings(int Prefetch, bool IsOneByOne = false);
