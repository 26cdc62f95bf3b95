using Granary.Client.Routing;

namespace Granary.Client.Cache;

/// <summary>Drops the entries of tags in the whole cluster. Thread-safe.</summary>
internal sealed class TagRemover(Router router, IClusterAccess cluster)
{
    private readonly Backoff _backoff = new(new Random());

    public async ValueTask RemoveAsync(IEnumerable<string> tags, CancellationToken cancellationToken)
    {
        foreach (ulong[] part in tags.Select(TagHash.Of).Distinct().Chunk(ICacheTagsGrain.MaxTags).ToArray())
        {
            await RemoveAsync(part, cancellationToken).ConfigureAwait(false);
        }
    }

    // Twice does no harm, so it is done again until it is answered.
    private async ValueTask RemoveAsync(ulong[] tags, CancellationToken cancellationToken)
    {
        long deadline = router.Deadlines.Begin();
        for (int attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                Task dropping = cluster.DropTagsAsync(tags).AsTask();
                await router.Deadlines.WaitAsync(dropping, deadline).WaitAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested) // the edge: one call
            {
                router.Deadlines.LastFailure = error;
                if (router.Deadlines.Now >= deadline)
                {
                    throw new GranaryOutcomeUnknownException(
                        $"It is not known that all entries of {tags.Length} tags are gone: do it again. {error.Message}", error);
                }
            }

            TimeSpan pause = _backoff.Before(attempt);
            await router.Deadlines.PauseAsync(pause, router.Deadlines.After(pause + pause))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
