namespace Granary.CommandLine.Verbs.Queues;

/// <summary>Tells at once, in the caller's own order; <see cref="Progress{T}"/> would tell later and in any.</summary>
internal sealed class Progressing(Action<double> tell) : IProgress<long>
{
    public void Report(long value) => tell(value);
}
