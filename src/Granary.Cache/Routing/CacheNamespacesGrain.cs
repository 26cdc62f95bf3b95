using Granary.Store;
using Granary.Store.Namespaces;
using Orleans.Concurrency;

namespace Granary.Cache.Routing;

/// <summary>Drops namespaces on behalf of a client.</summary>
[StatelessWorker, Reentrant] // on the silo that is asked; it has no state
internal sealed class CacheNamespacesGrain(CacheStore store, ClusterDrop drop) : Grain, ICacheNamespacesGrain
{
    public async ValueTask<bool> DropAsync(string name)
    {
        HeldNamespaces namespaces = store.Namespaces;
        int number = namespaces.NumberOf(name);
        if (number == 0)
        {
            return false;
        }

        await drop.DropPrefixAsync(namespaces[number].Prefix.ToArray());
        return true;
    }
}
