using Granary.Cache.Routing;
using Granary.Memcached.Server;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>Opens a long value of another silo for reading, while its session is suspended. One at a time.</summary>
internal sealed class ValueOpening(GatewayState gateway, Action resume)
{
    private Task<RemoteRead>? _opening;

    /// <summary>Whether the value was asked for: then it is to be taken.</summary>
    public bool IsUnderWay => _opening is not null;

    /// <summary>Asks for a value.</summary>
    public void Begin(PagedReadRequest request)
    {
        _opening = gateway.Cache.OpenReadAsync(request).AsTask();
        Resumption.After(_opening, resume);
    }

    /// <summary>Takes what was asked for.</summary>
    /// <param name="read">With no reply if its silo could not be reached.</param>
    /// <returns><see langword="false"/> if it has not come.</returns>
    public bool TryTake(out RemoteRead read)
    {
        read = default;
        if (_opening is not { IsCompleted: true })
        {
            return false;
        }

        read = Resumption.ResultOf(_opening);
        _opening = null;
        return true;
    }
}
