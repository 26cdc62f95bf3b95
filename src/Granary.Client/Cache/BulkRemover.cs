using Granary.Client.Routing;

namespace Granary.Client.Cache;

/// <summary>Drops the entries of tags, and of namespaces, in the whole cluster. Thread-safe.</summary>
internal sealed class BulkRemover(Router router, IClusterAccess cluster)
{
    private readonly Backoff _backoff = new(new Random());

    public async ValueTask RemoveTagsAsync(IEnumerable<string> tags, CancellationToken cancellationToken)
    {
        foreach (ulong[] part in tags.Select(TagHash.Of).Distinct().Chunk(ICacheTagsGrain.MaxTags).ToArray())
        {
            await RepeatAsync(() => cluster.DropTagsAsync(part).AsTask(), $"{part.Length} tags", cancellationToken)
                .ConfigureAwait(false);
        }
    }

    public async ValueTask RemoveNamespaceAsync(string name, CancellationToken cancellationToken)
    {
        bool isKnown = true;
        await RepeatAsync(DropAsync, $"namespace '{name}'", cancellationToken).ConfigureAwait(false);
        if (!isKnown)
        {
            throw new ArgumentException($"The silo that was asked has no namespace '{name}'.", nameof(name));
        }

        async Task DropAsync() => isKnown = await cluster.DropNamespaceAsync(name).ConfigureAwait(false);
    }

    // Twice does no harm, so it is done again until it is answered.
    private async ValueTask RepeatAsync(Func<Task> drop, string what, CancellationToken cancellationToken)
    {
        long deadline = router.Deadlines.Begin();
        for (int attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await router.Deadlines.WaitAsync(drop(), deadline).WaitAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested) // the edge: one call
            {
                router.Deadlines.LastFailure = error;
                if (router.Deadlines.Now >= deadline)
                {
                    throw new GranaryOutcomeUnknownException(
                        $"It is not known that all entries of {what} are gone: do it again. {error.Message}", error);
                }
            }

            TimeSpan pause = _backoff.Before(attempt);
            await router.Deadlines.PauseAsync(pause, router.Deadlines.After(pause + pause))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
