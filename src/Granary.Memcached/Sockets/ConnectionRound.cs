namespace Granary.Memcached.Sockets;

/// <summary>
/// Goes round all connections of an event loop, some at a time, so that no look at many keeps a client waiting. One thread.
/// </summary>
internal sealed class ConnectionRound
{
    private const int MaxLooks = 1024; // some 50 us

    private readonly List<EpollConnection> _all = [];
    private int _left; // the places below it are still to be looked at

    public void Add(EpollConnection connection)
    {
        connection.Place = _all.Count;
        _all.Add(connection);
    }

    /// <summary>Takes one out; the last one gets its place, and is perhaps looked at twice.</summary>
    public void Remove(EpollConnection connection)
    {
        EpollConnection last = _all[^1];
        _all[connection.Place] = last;
        last.Place = connection.Place;
        _all.RemoveAt(_all.Count - 1);
        _left = Math.Min(_left, _all.Count);
    }

    /// <summary>Looks at the next ones.</summary>
    /// <param name="begins">Whether a new round is due; one under way is ended first.</param>
    /// <param name="now">A timestamp.</param>
    /// <returns>Whether there are more.</returns>
    public bool Continue(bool begins, long now)
    {
        if (_left == 0 && begins)
        {
            _left = _all.Count;
        }

        for (int looks = 0; looks < MaxLooks && _left > 0; looks++)
        {
            _all[--_left].Look(now); // may take itself out
        }

        return _left > 0;
    }
}
