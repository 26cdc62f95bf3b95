using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>One question that is asked of every queue.</summary>
internal interface IQueueWorkload
{
    /// <summary>As <c>--workloads</c> names it.</summary>
    string Name { get; }

    /// <summary>What is measured, in a few words.</summary>
    string Title { get; }

    /// <summary>Length of its messages; <see langword="null"/> for the run's.</summary>
    int? BodyBytes => null;

    bool Fits(IQueueUnderTest subject) => !subject.IsStream;

    /// <summary>Makes what it runs on.</summary>
    Task CreateAsync(WorkloadContext context, CancellationToken cancellationToken) =>
        context.Subject.CreateAsync(context.Queue, cancellationToken);

    Task DeleteAsync(WorkloadContext context, CancellationToken cancellationToken) =>
        context.Subject.DeleteAsync(context.Queue, cancellationToken);

    /// <summary>Runs on an empty queue and leaves it empty, all deliveries booked.</summary>
    Task<IReadOnlyList<Figure>> RunAsync(WorkloadContext context, CancellationToken cancellationToken);
}
