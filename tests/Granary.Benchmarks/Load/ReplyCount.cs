namespace Granary.Benchmarks.Load;

/// <summary>Answers that came at once, by who had the key: the server that was asked, or another one.</summary>
internal readonly record struct ReplyCount(int Local, int Forwarded)
{
    public int Total => Local + Forwarded;
}
